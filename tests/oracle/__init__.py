"""A second evaluation of design.md, sections 3, 4 and 6, that shares no line with the library.

It reads the two YAML texts by itself and enumerates everything: slow, small and plain.
"""
