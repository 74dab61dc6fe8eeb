"""What stands at an address on the web: http and https only, bounded in size and in time."""

from __future__ import annotations

import http.client
import io
import socket
import string
import time
from email.message import Message
from functools import partial
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote as percent_encode
from urllib.parse import urlsplit, urlunsplit
from urllib.request import (
    AbstractHTTPHandler,
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPRedirectHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from rivals.errors import Problem, QuestionError, quote

SIZE_LIMIT = 2_000_000
PATIENCE = 20.0
"""For how many seconds an answer is waited for in all, wherever it leads."""
_CHUNK = 65_536


class _InTime(AbstractHTTPHandler):
    """Opens http and https, and lets connecting and reading last until a moment, no longer.

    A timeout alone starts anew with every piece that a server sends.
    """

    http_request = https_request = AbstractHTTPHandler.do_request_

    def __init__(self, ends: float) -> None:
        super().__init__()
        self._ends = ends

    def http_open(self, request: Request) -> http.client.HTTPResponse:
        """The answer to a request by http."""
        return self.do_open(partial(self._connect, http.client.HTTPConnection), request)

    def https_open(self, request: Request) -> http.client.HTTPResponse:
        """The answer to a request by https."""
        return self.do_open(partial(self._connect, http.client.HTTPSConnection), request)

    def _connect(
        self, kind: type[http.client.HTTPConnection], host: str, **options: Any
    ) -> http.client.HTTPConnection:
        connection = kind(host, **{**options, "timeout": _left(self._ends)})
        connection.response_class = self._answer  # type: ignore[assignment]
        return connection

    def _answer(self, sock: socket.socket, **options: Any) -> http.client.HTTPResponse:
        return http.client.HTTPResponse(_Stream(sock, self._ends), **options)  # type: ignore[arg-type]


class _Stream(io.RawIOBase):
    """What a socket receives until a moment; to an answer it is the socket."""

    def __init__(self, sock: socket.socket, ends: float) -> None:
        self._socket, self._ends = sock, ends
        self._raw = sock.makefile("rb", buffering=0)

    def makefile(self, mode: str) -> io.BufferedReader:
        """The same with a buffer before it."""
        return io.BufferedReader(self)

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """How many bytes came; raises TimeoutError when time is over."""
        self._socket.settimeout(_left(self._ends))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        """Let the socket go."""
        self._raw.close()
        super().close()


def _left(ends: float) -> float:
    """The seconds until a moment; raises TimeoutError when it is over."""
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class _StayOnTheWeb(HTTPRedirectHandler):
    """Follows only to http and https, unlike urllib's own, which takes ftp for web too."""

    def redirect_request(  # noqa: PLR0913, PLR0917  (urllib's own signature)
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> Request | None:
        """The request to follow with; raises URLError for another kind of address."""
        if not newurl.lower().startswith(("http://", "https://")):
            raise URLError(f"it leads on to {quote(newurl)}, which is not http or https")
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


def fetch(address: str) -> bytes:
    """The bytes at an http or https address; raises QuestionError in one line for all else."""
    if not address.lower().startswith(("http://", "https://")):
        raise QuestionError(f"an address starts with http:// or https://, got {quote(address)}")
    opener = OpenerDirector()
    for handler in (ProxyHandler(), _InTime(time.monotonic() + PATIENCE),
                    HTTPDefaultErrorHandler(), HTTPErrorProcessor(), _StayOnTheWeb()):  # fmt: skip
        opener.add_handler(handler)
    try:
        return _read(opener, _plain(address))
    except HTTPError as error:
        error.close()
        why = f"the server answered {error.code} {error.reason}"
    except URLError as error:
        why = str(getattr(error.reason, "strerror", None) or error.reason)
    except TimeoutError:
        why = f"no whole answer within {PATIENCE:g} seconds"
    except (OSError, http.client.HTTPException, ValueError) as error:
        why = str(error) or type(error).__name__
    raise QuestionError([Problem(f"cannot be fetched: {why}", address)]) from None


def _plain(address: str) -> str:
    """The address in ASCII, as servers take it; raises ValueError for a host that has no such form.

    >>> _plain("http://ann@bücher.example:80/ünï?q=%20é#ß")
    'http://ann@xn--bcher-kva.example:80/%C3%BCn%C3%AF?q=%20%C3%A9#%C3%9F'
    """
    if address.isascii():
        return address
    parts = urlsplit(address)
    user, at, place = parts.netloc.rpartition("@")
    host, colon, port = place.partition(":")
    name = host if host.isascii() else host.encode("idna").decode("ascii")
    plain = parts._replace(netloc=f"{user}{at}{name}{colon}{port}")
    return percent_encode(urlunsplit(plain), safe=string.punctuation)


def _read(opener: OpenerDirector, address: str) -> bytes:
    request = Request(address, headers={"User-Agent": "rivals", "Accept-Encoding": "identity"})  # noqa: S310  (checked above)
    content = bytearray()
    with opener.open(request) as answer:
        while chunk := answer.read1(_CHUNK):
            content += chunk
            if len(content) > SIZE_LIMIT:
                raise ValueError(f"it has more than {SIZE_LIMIT:,} bytes")
        if answer.length:
            raise ValueError("the answer broke off")
    return bytes(content)
