#!/usr/bin/env python3
"""Measures a report's page in headless Chromium: its size, the time to its first paint, and from a key or click to the
repaint.

    Benchmarks/measure_report.py REPORT.html [--shots DIRECTORY]

--shots also leaves pictures of it: light, dark, printed.
"""

import base64
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Tests/Oracles"))
from oracles import programs

FLAGS = (
    "--headless=new --remote-debugging-pipe --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run "
    "--window-size=1400,1000"
)
# From the event's own time stamp to the frame after the one that painted its effect.
PAINT = """new Promise(done => addEventListener(%r, event => requestAnimationFrame(() => {
  const channel = new MessageChannel(); channel.port1.onmessage = () => done(performance.now() - event.timeStamp);
  channel.port2.postMessage(0); }), { once: true, capture: true }))"""
FIRST_PAINT = """new Promise(done => { const look = () => {
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  paint && document.querySelector('#rows tr') ? done(paint.startTime) : setTimeout(look, 10); }; look(); })"""
CENTRE = """(() => { const e = document.querySelector(%r); e.scrollIntoView({ block: 'nearest' });
  const r = e.getBoundingClientRect(); return [r.left + r.width / 2, r.top + r.height / 2]; })()"""


class Browser:
    """Chromium, spoken to through pipes in its DevTools protocol; one page."""

    def __init__(self, program: str, profile: str) -> None:
        to_read, self.to_write = os.pipe()
        self.from_read, from_write = os.pipe()
        self.number, self.session, self.rest = 0, None, b""

        def child() -> None:
            # The protocol's own descriptors are 3 and 4; duplicated upwards first, so that neither is lost on the way.
            one, two = os.dup2(to_read, 20), os.dup2(from_write, 21)
            os.dup2(one, 3)
            os.dup2(two, 4)

        self.process = subprocess.Popen(
            [program, *FLAGS.split(), f"--user-data-dir={profile}"],
            preexec_fn=child,
            close_fds=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_read)
        os.close(from_write)
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.send("Page.enable")

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Calls a method and waits for its answer; events on the way are dropped."""
        self.number += 1
        message: dict[str, Any] = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to_write, json.dumps(message).encode() + b"\0")
        while True:
            while b"\0" in self.rest:
                text, self.rest = self.rest.split(b"\0", 1)
                answer = json.loads(text)
                if answer.get("id") == self.number:
                    if "error" in answer:
                        programs.fail(f"{method}: {answer['error']}")
                    return answer["result"]
            piece = os.read(self.from_read, 1 << 20)
            if not piece:
                programs.fail("the browser has ended")
            self.rest += piece

    def value(self, expression: str) -> Any:
        """The value of a JavaScript expression, or of what it promises."""
        answer = self.send("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        return answer["result"].get("value")

    def timed(self, event: str, act: Callable[[], object]) -> float:
        """Milliseconds from an event that an act causes to the repaint."""
        self.value(f"window.painted = {PAINT % event}; 0")
        act()
        return self.value("window.painted")

    def key(self, text: str) -> None:
        self.send("Input.dispatchKeyEvent", type="keyDown", key=text, text=text)
        self.send("Input.dispatchKeyEvent", type="keyUp", key=text)

    def click(self, selector: str) -> None:
        x, y = self.value(CENTRE % selector)
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def timed_click(self, selector: str) -> float:
        return self.timed("click", lambda: self.click(selector))

    def close(self) -> None:
        self.send("Browser.close")
        self.process.wait()


def tell(name: str, values: list[float]) -> None:
    print(f"{name}: median {statistics.median(values):.0f} ms, worst {max(values):.0f} ms of {len(values)}")


def first_paints(browser: Browser, page: Path) -> list[float]:
    times = []
    for _ in range(5):
        browser.send("Page.navigate", url=page.as_uri())
        times.append(browser.value(FIRST_PAINT))
    return times


def measure(browser: Browser, page: Path) -> None:
    firsts = first_paints(browser, page)
    print(f"files: {browser.value('files.length')}, page: {page.stat().st_size} bytes")
    tell("first paint, rows in it", firsts)
    browser.value("document.getElementById('text').focus()")
    letters = [browser.timed("input", lambda letter=letter: browser.key(letter)) for letter in "track 00957"]
    tell("key in the filter to repaint", letters)
    browser.click("#reset")
    tell("click on a verdict to repaint", [browser.timed_click(".tools [data-verdict=rejected]") for _ in range(6)])
    if browser.value("!!document.querySelector('.tools [data-trait=same]')"):
        tell("click on same audio to repaint", [browser.timed_click(".tools [data-trait=same]") for _ in range(6)])
    columns = browser.value("[...document.querySelectorAll('[data-sort]')].map(e => e.dataset.sort)")
    clicks = [browser.timed_click(f"[data-sort={column}]") for column in columns for _ in range(2)]
    tell("click on a column to repaint", clicks)
    room = browser.value("scroller.scrollHeight - scroller.clientHeight")
    if room > 100:  # Else nothing scrolls, and no event tells of it.
        tops = [f"scroller.scrollTop = {room * number // 20}" for number in range(1, 20, 2)]
        tell("scroll to repaint", [browser.timed("scroll", lambda top=top: browser.value(top)) for top in tops])


def take_pictures(browser: Browser, directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    browser.click("#reset")
    browser.click("[data-verdict=rejected]")
    browser.click("#rows tr:nth-child(1)" if browser.value("shown.length > 0") else "#reset")
    for scheme in ("light", "dark"):
        browser.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        size = browser.send("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
        picture = browser.send("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        (directory / f"{scheme}.png").write_bytes(base64.b64decode(picture["data"]))
    browser.send("Emulation.setEmulatedMedia", features=[])
    printed = browser.send("Page.printToPDF", preferCSSPageSize=False)
    (directory / "print.pdf").write_bytes(base64.b64decode(printed["data"]))


def main() -> None:
    parser = programs.parser(__doc__)
    parser.add_argument("report", type=Path)
    parser.add_argument("--shots", type=Path, metavar="DIRECTORY")
    options = parser.parse_args()
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if not program:
        programs.fail("chromium is missing: scripts/setup --test installs it")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(program, profile)
        measure(browser, options.report.resolve())
        if options.shots:
            take_pictures(browser, options.shots)
        browser.close()


if __name__ == "__main__":
    main()
