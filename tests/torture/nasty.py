"""Text that readers trip over: numbers, names, dates and claims at and beyond their edges."""

from __future__ import annotations

NUMBERS = [
    "0", "1", "-0", "-1", "1.0000000001", "0.5", "30%", "101%", "-5%", "%", "1/3", "1/0", "0/0",
    "1/", "/2", "2/1/3", "1e400", "-1e400", "1e-400", "1e-320", "5e-324", "1e308", "1e308/1e-308",
    "1e-308/1e308", "nan", "NaN", ".nan", "inf", "-inf", ".inf", "Infinity", "١٢", "۰.۵", "１",
    "²", "½", "0x10", "0o7", "1_000", "1,5", "1.5.2", "1e", "e5", "+.5", ".", "--1", "+-1",
    "1e99999999999", "9" * 400, "0." + "0" * 400 + "1", "1/" + "9" * 400, "1e-99999999999999999",
    "likely", "unlikely", "almost certain", "realistic possibility", "LIKELY", "likelyy", "low",
    "medium", "high", "0.3333333333333333", "0.1", "1e-16", "0.9999999999999999", "1e9", "1e15",
]  # fmt: skip

DATES = [
    "2026-05-04", "2026-05", "2026-02-30", "2026-13-01", "0000-01-01", "0001-01-01", "9999-12-31",
    "9999-12", "10000-01-01", "-001-01-01", "2026-05-04T12:00", "2026-05-04T12:00Z",
    "2026-05-04T12:00+99:99", "2026-05-04T24:00Z", "0001-01-01T00:00+14:00", "2026-05-04T25:61Z",
    "9999-12-31T23:59:59-12:00", "2026-W19-1", "20260504", "4 May 2026", "today", "٢٠٢٦-٠٥-٠٤",
    "2026-05-04 12:00:00.123456789+00:00", "2026-05-04T12:00:60Z", "1e9", "1700000000",
]  # fmt: skip

NAMES = [
    "yes", "no", "on", "off", "null", "~", "32", "prior", "posterior", "low", "high", "index",
    "a.b", "a[0]", "a=b", "a|b", "a:b", " a", "a ", "", " ", "é", "e\u0301", "ﬁ", "İ", "ß", "ẞ",
    "K", "Å", "مرحبا", "\u202eevil", "a\u200bb", "a\u2028b", "a\u0085b", "a\u00a0b", "a\u3000b",
    "👩\u200d🚀", "🔥", "\ufeffa", "\ufffe", "a\x00b", "a\x1b[31mb", "a\x7fb", "a\tb", "a\nb",
    "a\rb", "\ud800", "\U0010ffff", "\ue000", "x" * 120, "x" * 121, "Z\u0300\u0301\u0302" * 30,
    "__class__", "self", "{{7*7}}", "<script>alert(1)</script>", "[/b]", "%s", "{0}", "$(id)",
    "../../x", "CON", "con", "constructor", "__proto__", "hypothesis", "report", "origin:x",
    "source:s",
]  # fmt: skip

CLAIMS = [
    "arson=yes", "arson=yes|no", "arson=yes|yes", "arson=", "=yes", "=", "arson", "arson=maybe",
    "nothing=yes", "arson=yes=no", "arson=|", "arson=yes|", "a=b|c|d", "arson = yes", "arson==yes",
]  # fmt: skip

LINKS = [
    "https://a.example",
    "javascript:alert(1)",
    "http://",
    "https://a b",
    "ftp://x",
    "HTTP://X",
]

LONG = ["x" * 5_000, "word " * 2_000, "\u0301" * 3_000, "9" * 5_000, "[" * 300, "👩" * 2_000]

SCALARS = [*NUMBERS, *DATES, *NAMES, *CLAIMS, *LINKS, *LONG]

KEYS = [
    "title", "question", "background", "effects", "hypotheses", "outcomes", "implications",
    "variables", "sources", "settings", "claim", "label", "off", "why", "by", "resolved",
    "resolved_on", "link", "for", "rests_on", "text", "ask", "states", "prior", "table", "noisy_or",
    "noisy_max", "ranked", "firmness", "topic", "chatter", "observable", "how", "cost", "leak",
    "causes", "weights", "sd", "when", "then", "name", "grade", "reliability", "interest", "scale",
    "timezone", "accuracy", "spin", "fidelity", "grades", "id", "published", "logged", "source",
    "outlet", "origin", "copy_of", "summary", "claims", "observes", "likelihood", "directness",
    "status", "retracts", "amends", "set", "note", "expected", "since", "chance", "handling",
]  # fmt: skip

BITS = [
    b"\x00", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\r", b"\t", b"\x85", b"\x1b[2J", b"\xc3",
    b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"&a ", b"*a", b"<<: *a", b"!!python/object:os.system ",
    b"!", b"!!set", b"%YAML 9.9\n", b"---\n", b"...\n", b"? ", b": ", b"- ", b"[", b"]", b"{", b"}",
    b"'", b'"', b"|\n", b">\n", b"|9\n", b"#", b",", b"@", b"`", b"\n", b"  ", b"\\", b'"\\ud800"',
    b'"\\U00110000"', b'"\\x00"', b'"\\e"', b"\xe2\x80\xa8", b"\xe2\x80\xae", b"\xc2\xa0",
]  # fmt: skip
