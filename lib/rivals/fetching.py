"""What stands at an address on the web: http and https only, bounded in size and in time."""

from __future__ import annotations

import http.client
import time
from email.message import Message
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from rivals.errors import Problem, QuestionError, quote

SIZE_LIMIT = 2_000_000
PATIENCE = 20.0
"""For how many seconds an answer is waited for, and in all."""
_CHUNK = 65_536


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
    for handler in (ProxyHandler(), HTTPHandler(), HTTPSHandler(), HTTPDefaultErrorHandler(),
                    HTTPErrorProcessor(), _StayOnTheWeb()):  # fmt: skip
        opener.add_handler(handler)
    try:
        return _read(opener, address)
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


def _read(opener: OpenerDirector, address: str) -> bytes:
    request = Request(address, headers={"User-Agent": "rivals", "Accept-Encoding": "identity"})  # noqa: S310  (checked above)
    ends = time.monotonic() + PATIENCE
    content = bytearray()
    with opener.open(request, timeout=PATIENCE) as answer:
        while chunk := answer.read1(_CHUNK):
            content += chunk
            if len(content) > SIZE_LIMIT:
                raise ValueError(f"it has more than {SIZE_LIMIT:,} bytes")
            if time.monotonic() > ends:  # one that trickles never lets a read time out
                raise TimeoutError
        if answer.length:
            raise ValueError("the answer broke off")
    return bytes(content)
