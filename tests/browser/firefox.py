"""Debian's Firefox for tests: started without a window and steered by Marionette, the protocol that it has built in.

Playwright steers a Firefox of its own alone. A message is a JSON list behind its length: [0, number, command, parameters],
answered by [1, number, error, result].
"""

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from processes import PATIENCE

PROGRAM = shutil.which("firefox-esr")
# Set-up installs Firefox and libavcodec on Debian: there the tests fail without them, and elsewhere they are skipped.
IS_SET_UP = "\nID=debian\n" in f"\n{release.read_text()}" if (release := Path("/etc/os-release")).is_file() else False
# Nothing is asked of any network: the proxy is a port at which nobody listens.
SETTINGS: dict[str, Any] = {
    "marionette.port": 0, "network.proxy.type": 1, "network.proxy.http": "127.0.0.1", "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1", "network.proxy.ssl_port": 9, "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False, "app.update.disabledForTesting": True,
    "datareporting.policy.dataSubmissionEnabled": False, "toolkit.telemetry.enabled": False,
    "browser.shell.checkDefaultBrowser": False, "browser.startup.page": 0, "services.settings.server": "",
    "media.gmp-manager.updateEnabled": False,
}  # fmt: skip


class Firefox:
    """A Firefox with a new profile in `folder`; `decodes` is whether it may use the libavcodec of the system."""

    def __init__(self, folder: Path, *, decodes: bool) -> None:
        self.folder, self.decodes, self.count, self.buffer = folder, decodes, 0, b""
        settings = {**SETTINGS, "media.ffmpeg.enabled": decodes}
        lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in settings.items())
        (folder / "user.js").write_text("".join(lines), encoding="utf-8")
        self.program = subprocess.Popen(
            [PROGRAM or "", "--headless", "--marionette", "--no-remote", "--profile", str(folder),
             "--width", "1280", "--height", "720"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def __enter__(self) -> Self:
        self.socket = socket.create_connection(("127.0.0.1", self._port()), timeout=PATIENCE)
        self._receive()  # a greeting
        self.ask("WebDriver:NewSession", pageLoadStrategy="normal")
        self.ask("WebDriver:SetTimeouts", script=int(PATIENCE * 1000), pageLoad=int(PATIENCE * 1000))
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()
        self.program.terminate()
        self.program.wait(PATIENCE)

    def _port(self) -> int:
        """Return the port that Firefox has chosen and written into its profile."""
        written = self.folder / "MarionetteActivePort"
        end = time.monotonic() + PATIENCE
        while not (written.is_file() and written.read_text().strip()):
            if self.program.poll() is not None or time.monotonic() > end:
                raise RuntimeError("Firefox does not start")
            time.sleep(0.05)
        return int(written.read_text())

    def _receive(self) -> Any:
        while b":" not in self.buffer:
            self.buffer += self._read()
        length, _, rest = self.buffer.partition(b":")
        while len(rest) < int(length):
            rest += self._read()
        self.buffer = rest[int(length) :]
        return json.loads(rest[: int(length)])

    def _read(self) -> bytes:
        part = self.socket.recv(65536)
        if not part:
            raise RuntimeError("Firefox has ended")
        return part

    def ask(self, command: str, **parameters: Any) -> Any:
        """Return the result of a command; raise RuntimeError with Firefox's own words if it fails."""
        self.count += 1
        message = json.dumps([0, self.count, command, parameters]).encode()
        self.socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._receive()
        if error:
            raise RuntimeError(f"{command}: {error['message']}")
        return result

    def open(self, path: Path, anchor: str = "") -> None:
        """Load a page."""
        self.ask("WebDriver:Navigate", url=path.as_uri() + anchor)

    def run(self, script: str) -> Any:
        """Return what the body of a function returns in the page; a promise is waited for."""
        text = f"const done = arguments[0]; (async () => {{ {script} }})().then(done, fault => done('fault: ' + fault))"
        return self.ask("WebDriver:ExecuteAsyncScript", script=text, args=[])["value"]

    def move_to(self, x: int, y: int) -> None:
        """Move the pointer to a place of the window, in pixels."""
        self._act({"type": "pointerMove", "x": x, "y": y, "duration": 0})

    def click(self, x: int, y: int) -> None:
        """Click at a place of the window, in pixels."""
        press, release = ({"type": f"pointer{way}", "button": 0} for way in ("Down", "Up"))
        self._act({"type": "pointerMove", "x": x, "y": y, "duration": 0}, press, release)

    def drag(self, points: Sequence[tuple[int, int]]) -> None:
        """Press at the first place of the window, in pixels, move over the others, and let go at the last."""
        moves = [{"type": "pointerMove", "x": x, "y": y, "duration": 0} for x, y in points]
        press, release = ({"type": f"pointer{way}", "button": 0} for way in ("Down", "Up"))
        self._act(moves[0], press, *moves[1:], release)

    def _act(self, *actions: dict[str, Any]) -> None:
        self.ask("WebDriver:PerformActions", actions=[{"type": "pointer", "id": "mouse", "actions": list(actions)}])

    def picture(self, selector: str) -> str:
        """Return what the window shows of an element, as PNG in base64."""
        found = self.ask("WebDriver:FindElement", using="css selector", value=selector)["value"]
        (name,) = found.values()
        return str(self.ask("WebDriver:TakeScreenshot", id=name, full=False)["value"])
