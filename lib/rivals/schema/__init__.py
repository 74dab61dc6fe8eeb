"""JSON Schema of the two files, made from the nouns: what an editor checks and completes by."""

from rivals.schema.generating import FILES, File, schema_of, schema_text, sentences

__all__ = ["FILES", "File", "schema_of", "schema_text", "sentences"]
