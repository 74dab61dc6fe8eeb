"""A feed beside the log: what is not logged yet, what it is like, and drafts that code nothing."""

from __future__ import annotations

import html
import re
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

import rivals
from rivals import fetching
from rivals.cli import main
from rivals.entries import Report
from rivals.feeds import Item, read_feed
from rivals.fetching import fetch
from rivals.likeness import match_items, normalise_link
from test_cli import LOG, folder, log_of, run

__all__ = ["folder"]

RSS = """\
<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>The &lt;b&gt;Post&lt;/b&gt;</title><link>https://post.example/</link>
<item><title>Fireman smelt petrol in the hall</title><link>https://www.post.example/a/?utm_source=rss</link>
<pubDate>Sat, 09 May 2026 23:30:00 GMT</pubDate></item>
<item><title>Mayor &amp;amp; owner: "no comment"</title><link>http://post.example/b#top</link>
<pubDate>Sun, 10 May 2026 08:00:00 +0200</pubDate><description>arson=yes</description></item>
<item><title>Strong wind drove the fire through the old harbour</title><link>https://post.example/c</link>
<pubDate>Sun, 10 May 2026 08:00:00 +0200</pubDate></item>
<item><title>Undated</title><link>javascript:alert(1)</link></item>
<item><title>Mayor &amp;amp; owner: "no comment"</title><link>http://post.example/b#top</link>
<pubDate>Sun, 10 May 2026 08:00:00 +0200</pubDate></item>
</channel></rss>
"""
ATOM = """\
<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Wire</title><id>x</id>
<entry><id>1</id><title>Ein Brand</title><link href="https://wire.example/1"/>
<updated>2026-05-09T10:00:00Z</updated></entry></feed>
"""
KNOWN = (
    "- {id: petrol, published: 2026-05-08, link: 'http://post.example/a'}\n"
    "- {id: gusts, published: 2026-05-08, summary: A strong wind drove the fire through the old "
    "harbour.}\n"
)
UTC = ZoneInfo("UTC")


@pytest.fixture
def feed(folder: Path, tmp_path: Path) -> Path:
    (folder / "reports.yaml").write_text(LOG + KNOWN)
    path = tmp_path / "feed.xml"
    path.write_text(RSS)
    return path


def test_a_feed_is_listed_with_what_is_logged_and_what_is_like_it(folder: Path, feed: Path) -> None:
    result = run("add", folder, "--from-feed", feed)

    rows = [re.split(" {2,}", line.strip()) for line in result.stdout.splitlines()]
    rows = [row for row in rows if row[0].isdigit()]
    notes = [row[-1] for row in rows]
    assert notes[0] == "logged already: petrol"
    assert notes[1] == "http://post.example/b#top"
    assert notes[2].startswith("like gusts (")
    assert notes[3] == "has no date: --published D gives it one; has no link"
    assert len(rows) == 4
    assert "no date" in result.stdout
    assert log_of(folder) == LOG + KNOWN
    assert result.stderr.startswith("nothing was written")


def test_chosen_entries_become_drafts_that_say_nothing(folder: Path, feed: Path) -> None:
    before = rivals.read(folder).beliefs(draws=0)

    result = run("add", folder, "--from-feed", feed, "--append", "new")

    assert log_of(folder).removeprefix(LOG + KNOWN) == (
        "- id: post-2026-05-10-mayor-owner-no-comment\n"
        "  published: '2026-05-10'\n"
        "  outlet: The Post\n"
        "  summary: 'Mayor & owner: \"no comment\"'\n"
        "  link: http://post.example/b#top\n"
        "  status: draft\n"
    )
    assert "post-2026-05-10-mayor-owner-no-comment: draft; appended to the log" in result.stderr
    assert rivals.read(folder).beliefs(draws=0).equals(before)


def test_a_draft_counts_once_a_person_has_coded_it(folder: Path, feed: Path) -> None:
    run("add", folder, "--from-feed", feed, "--append", "2")
    name = "post-2026-05-10-mayor-owner-no-comment"

    coded = ("--set", "status=final", "--set", "source=owner", "--claim", "paid=no")
    result = run("amend", folder, name, "--logged", "2026-05-11", "--why", "Coded.", *coded)

    assert f"{name}: counted; draft before; appended to the log" in result.stderr


def test_what_was_appended_is_logged_the_next_time(folder: Path, feed: Path) -> None:
    run("add", folder, "--from-feed", feed, "--append", "all")
    once = log_of(folder)

    result = run("add", folder, "--from-feed", feed, "--append", "all")

    assert log_of(folder) == once
    assert result.stdout.count("logged already") == 3


def test_entries_of_one_page_are_listed_each(folder: Path, feed: Path) -> None:
    more = "".join(
        f"<item><title>{title}</title><link>https://post.example/live</link>"
        f"<guid isPermaLink='false'>{guid}</guid></item>"
        for title, guid in (
            ("Roof falls", 1),
            ("Roof falls", 1),
            ("Roof falls", 2),
            ("Fire out", 3),
        )
    )
    feed.write_text(RSS.replace("</channel>", f"{more}</channel>"))

    items = read_feed(str(feed), UTC)

    assert [item.title for item in items[4:]] == ["Roof falls", "Roof falls", "Fire out"]


def test_another_entry_at_the_address_of_a_report_can_be_appended(folder: Path, feed: Path) -> None:
    page = "'http://post.example/b#1'"
    live = f"- {{id: live, published: 2026-05-08, link: {page}, summary: Roof falls}}\n"
    (folder / "reports.yaml").write_text(LOG + live)

    listed = run("add", folder, "--from-feed", feed, "--append", "all").stdout
    assert "same address as live" in listed
    assert "post.example/b" not in log_of(folder).removeprefix(LOG + live)
    run("add", folder, "--from-feed", feed, "--append", "2")

    assert "link: http://post.example/b#top\n" in log_of(folder)
    listed = run("add", folder, "--from-feed", feed).stdout
    assert "logged already: post-2026-05-10-mayor-owner-no-comment" in listed


def test_a_draft_was_not_had_before_what_the_log_ends_with(folder: Path, feed: Path) -> None:
    late = "- {retracts: idle, logged: 2026-05-20, why: Withdrawn.}\n"
    (folder / "reports.yaml").write_text(LOG + late)

    run("add", folder, "--from-feed", feed, "--append", "2")

    assert "  logged: '2026-05-20'\n  outlet: The Post\n" in log_of(folder)
    before, after = (rivals.read(folder).as_of(f"2026-05-{day}").reports() for day in (19, 20))
    assert len(after) == len(before) + 1
    assert "R304" not in run("check", folder).stdout


def test_a_report_is_known_as_it_was_and_as_it_was_amended(folder: Path, feed: Path) -> None:
    run("add", folder, "--from-feed", feed, "--append", "2")
    name = "post-2026-05-10-mayor-owner-no-comment"
    later = ("--logged", "2026-05-11", "--why", "Coded.")
    run("amend", folder, name, *later, "--set", "summary=He says nothing", "--unset", "link")
    run(
        "amend",
        folder,
        "idle",
        *later,
        "--set",
        "link=https://post.example/c",
        "--unset",
        "summary",
    )

    listed = run("add", folder, "--from-feed", feed).stdout

    assert f"logged already: {name}" in listed
    assert "logged already: idle" in listed


def test_a_title_in_two_pieces_is_logged_in_one(folder: Path, feed: Path) -> None:
    feed.write_text(RSS.replace("Mayor &", "Mayo\u0301r &"), "utf-8")

    run("add", folder, "--from-feed", feed, "--append", "2")

    assert "summary: 'May\u00f3r & owner" in log_of(folder)


def test_an_undated_entry_takes_the_day_that_it_is_given(folder: Path, feed: Path) -> None:
    run("add", folder, "--from-feed", feed, "--published", "2026-05-11", "--append", "4")

    report = list(rivals.read(folder).dossier.reports())[-1]
    assert (report.summary, str(report.published), report.link) == ("Undated", "2026-05-11", None)


def test_a_dry_run_of_chosen_entries_writes_nothing(folder: Path, feed: Path) -> None:
    result = run("add", folder, "--from-feed", feed, "--append", "2-3", "--dry-run")

    assert "2 reports, 2 draft; nothing was written" in result.stderr
    assert log_of(folder) == LOG + KNOWN


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--append", "9"), "numbers from 1 to 4"),
        (("--append", "3-2"), "got '3-2'"),
        (("--append", "one"), "got 'one'"),
        (("--append", "1"), "entry 1 can be no draft; it logged already: petrol"),
        (("--append", "4"), "entry 4 can be no draft; it has no date"),
        (("--published", "soon"), "published: a date is a day"),
    ],
)
def test_a_choice_that_does_not_fit_is_told(
    folder: Path, feed: Path, words: tuple[str, ...], told: str
) -> None:
    assert told in run("add", folder, "--from-feed", feed, *words, code=1).stderr
    assert log_of(folder) == LOG + KNOWN


def test_a_person_at_a_terminal_chooses(
    folder: Path, feed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rivals.cli.feeding.at_terminal", lambda: True)
    words = ["add", str(folder), "--from-feed", str(feed)]

    assert CliRunner().invoke(main, words, input="\n").exit_code == 0
    assert log_of(folder) == LOG + KNOWN
    assert CliRunner().invoke(main, words, input="2\n").exit_code == 0

    assert log_of(folder).count("status: draft") == 1


def test_days_are_those_of_the_scenarios_zone(feed: Path, tmp_path: Path) -> None:
    assert read_feed(str(feed), UTC)[0].published == "2026-05-09"
    assert read_feed(str(feed), ZoneInfo("Europe/Berlin"))[0].published == "2026-05-10"


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("Growth < 5% says bank, inflation > 3%", "Growth < 5% says bank, inflation > 3%"),
        ("if a<b and c>d then 1 <- 2", "if a<b and c>d then 1 <- 2"),
        ("<b>Fire</b> in <a href='/x>y' target=_top>the hall</a><br/>", "Fire in the hall"),
        ("Fire<!-- a b --> out<BR><wbr />", "Fire out"),
        ("&lt;b&gt; is a tag", "<b> is a tag"),
    ],
)
def test_tags_go_from_a_title_and_signs_stay(tmp_path: Path, title: str, plain: str) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(RSS.replace("Fireman smelt petrol in the hall", html.escape(title)))

    assert read_feed(str(path), UTC)[0].title == plain


def test_a_day_that_cannot_be_read_is_none_and_no_warning(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(RSS.replace("08:00:00 +0200", "08:00:1.0"))

    days = [item.published for item in read_feed(str(path), UTC)]

    assert days == ["2026-05-09", "", "", ""]


@pytest.mark.parametrize("link", ["http://[bad/x", "http://x:99999/", "javascript:alert(1)"])
def test_a_link_that_no_report_can_have_is_none(link: str, tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(RSS.replace("https://post.example/c", link))

    assert read_feed(str(path), UTC)[2].link == ""


def test_atom_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "atom.xml"
    path.write_text(ATOM)

    assert read_feed(str(path), UTC) == [
        Item("Ein Brand", "https://wire.example/1", "2026-05-09", "Wire")
    ]


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {new} "{f"&{old};" * 10}">'
        for old, new in zip("abcdefghi", "bcdefghij", strict=True)
    )
    + ']><rss version="2.0"><channel><title>&j;</title>'
    + "<item><title>&j;</title></item></channel></rss>"
)
FILE = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    '<rss version="2.0"><channel><title>x</title><item><title>a&a;b</title></item></channel></rss>'
)


@pytest.mark.parametrize("text", [LAUGHS, FILE])
@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16"])
def test_entities_that_explode_or_read_files_are_refused(
    tmp_path: Path, text: str, encoding: str
) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(text.replace("?>", f' encoding="{encoding}"?>', 1).encode(encoding))

    with pytest.raises(rivals.QuestionError, match="declares no entities of its own"):
        read_feed(str(path), UTC)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no RSS or Atom feed"),
        (b"<html><body>Not found</body></html>", "no RSS or Atom feed"),
        (b"\x00\x01\x02", "no RSS or Atom feed"),
        (b"/etc/passwd", "no RSS or Atom feed"),
        (b'<?xml version="1.0" encoding="UTF-\xff8"?><rss/>', "read in its encoding"),
        (b"http://127.0.0.1:9/", "no RSS or Atom feed"),
        (b" " * 2_000_001, "a feed has 2,000,000 bytes at most"),
    ],
)
def test_a_file_that_is_no_feed_is_told(
    folder: Path, tmp_path: Path, content: bytes, told: str
) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(content)

    result = run("add", folder, "--from-feed", path, code=1)

    assert told in result.stderr
    assert result.stderr.count("\n") == 1
    assert "cannot be read" in run("add", folder, "--from-feed", tmp_path / "none", code=1).stderr


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://www.a.example/x/", "https://a.example/x", True),
        ("https://a.example/x?utm_medium=y&id=3&fbclid=z#part", "https://a.example/x?id=3", True),
        ("https://a.example/x?b=2&a=1", "https://a.example/x?a=1&b=2", True),
        ("https://A.example:443/x", "http://a.example/x", True),
        ("https://a.example/x?id=3", "https://a.example/x?id=4", False),
        ("https://a.example/X", "https://a.example/x", False),
        ("https://a.example:8080/x", "https://a.example/x", False),
        ("https://b.example/x", "https://a.example/x", False),
        ("https://[bad/x", "https://a.example/x", False),
    ],
)
def test_links_are_the_same_for_what_leads_to_one_page(one: str, other: str, same: bool) -> None:
    assert (normalise_link(one) == normalise_link(other)) is same


def test_titles_of_two_words_are_like_nothing() -> None:
    report = Report(id="a", published="2026-05-09", summary="The fire in the old harbour hall")
    items = [Item(title, "", "", "") for title in ("The fire", "Old harbour hall: fire!", "Wind")]

    assert [match.like for match in match_items(items, [report])] == ["", "a", ""]


# --- at an address ---


class _Answers(BaseHTTPRequestHandler):
    """A server on this machine that answers well and badly."""

    def do_GET(self) -> None:
        ways: dict[str, Callable[[], None]] = {
            "/feed": lambda: self._send(RSS.encode()),
            "/moved": lambda: self._lead("/feed"),
            "/%C3%BCn%C3%AF?q=%C3%A9": lambda: self._send(RSS.encode()),
            "/file": lambda: self._lead("file:///etc/passwd"),
            "/ftp": lambda: self._lead("ftp://127.0.0.1/x"),
            "/round": lambda: self._lead("/round"),
            "/large": lambda: self._send(b"x" * 2_000_001),
            "/slow": self._trickle,
            "/slow-head": self._trickle_head,
            "/short": lambda: self._send(b"abc", length=10),
        }
        ways.get(self.path, lambda: self.send_error(404))()

    def _send(self, content: bytes, length: int = 0) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(length or len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _lead(self, to: str) -> None:
        self.send_response(302)
        self.send_header("Location", to)
        self.end_headers()

    def _trickle(self) -> None:
        self.send_response(200)
        self.end_headers()
        self._drip(b"x")

    def _trickle_head(self) -> None:
        self.send_response(200)
        self.flush_headers()
        self._drip(b"X-More: x\r\n")

    def _drip(self, piece: bytes) -> None:
        try:
            for _ in range(90):
                self.wfile.write(piece)
                time.sleep(0.05)
        except OSError:
            pass

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answers) as http:
        http.daemon_threads = True
        thread = threading.Thread(target=http.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{http.server_address[1]}"
        http.shutdown()
        thread.join()


@pytest.mark.parametrize("path", ["/feed", "/moved", "/ünï?q=é"])
def test_a_feed_is_read_at_an_address(folder: Path, server: str, path: str) -> None:
    run("add", folder, "--from-feed", server + path, "--append", "1")

    assert "link: https://www.post.example/a/?utm_source=rss\n" in log_of(folder)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/nothing", "the server answered 404"),
        ("/file", "file:///etc/passwd' is not allowed"),
        ("/ftp", "it leads on to 'ftp://127.0.0.1/x', which is not http or https"),
        ("/round", "the server answered 302"),
        ("/large", "it has more than 2,000,000 bytes"),
        ("/short", "cannot be fetched: the answer broke off"),
    ],
)
def test_an_address_that_gives_no_feed_is_told(
    folder: Path, server: str, path: str, told: str
) -> None:
    result = run("add", folder, "--from-feed", server + path, code=1)

    assert result.stderr.startswith(server + path)
    assert told in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("path", ["/slow", "/slow-head"])
def test_an_answer_that_trickles_is_given_up(
    server: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "PATIENCE", 0.3)
    began = time.monotonic()

    with pytest.raises(rivals.QuestionError, match="no whole answer within"):
        fetch(server + path)

    assert time.monotonic() - began < 3


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://x/y", "data://x", "gopher://x"])
def test_only_the_web_is_asked(folder: Path, address: str) -> None:
    told = run("add", folder, "--from-feed", address, code=1).stderr

    assert "an address starts with http:// or https://" in told


def test_a_host_that_cannot_be_written_is_told(folder: Path) -> None:
    told = run("add", folder, "--from-feed", f"http://{'ü' * 70}.example/", code=1).stderr

    assert "cannot be fetched: " in told
    assert told.count("\n") == 1


def test_nobody_at_home_is_told(folder: Path) -> None:
    told = run("add", folder, "--from-feed", "http://127.0.0.1:9/feed", code=1).stderr

    assert "cannot be fetched: Connection refused" in told
