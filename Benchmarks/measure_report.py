#!/usr/bin/env python3
"""Measures a report's page in headless Chromium: its size, the time to its first paint, and from a key or click to the
repaint. `Benchmarks/measure_report.py REPORT.html`; with `--shots FOLDER` it also leaves pictures of it: light,
dark, printed."""

import base64
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

args = sys.argv[1:]
shots = None
if "--shots" in args:
    at = args.index("--shots")
    shots = pathlib.Path(args[at + 1])
    del args[at : at + 2]
if len(args) != 1:
    sys.exit("usage: Benchmarks/measure_report.py REPORT.html [--shots FOLDER]")
page = pathlib.Path(args[0]).resolve()
program = shutil.which("chromium") or shutil.which("google-chrome")
if not program:
    sys.exit("chromium is missing: scripts/setup --test installs it")

profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
to_read, to_write = os.pipe()
from_read, from_write = os.pipe()


def child():
    # The protocol's own descriptors are 3 and 4; duplicated upwards first, so that neither is lost on the way.
    one, two = os.dup2(to_read, 20), os.dup2(from_write, 21)
    os.dup2(one, 3)
    os.dup2(two, 4)


browser = subprocess.Popen(
    [
        program,
        "--headless=new",
        "--remote-debugging-pipe",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--user-data-dir=" + profile.name,
        "--window-size=1400,1000",
    ],
    preexec_fn=child,
    close_fds=False,
    stdout=subprocess.DEVNULL,
    stderr=subprocess.DEVNULL,
)
os.close(to_read), os.close(from_write)
answers = os.fdopen(from_read, "rb")
number, session, rest = 0, None, b""


def send(method, **parameters):
    global number, rest
    number += 1
    message = {"id": number, "method": method, "params": parameters}
    if session:
        message["sessionId"] = session
    os.write(to_write, json.dumps(message).encode() + b"\0")
    while True:
        while b"\0" in rest:
            text, rest = rest.split(b"\0", 1)
            answer = json.loads(text)
            if answer.get("id") == number:
                if "error" in answer:
                    sys.exit(f"{method}: {answer['error']}")
                return answer["result"]
        piece = os.read(from_read, 1 << 20)
        if not piece:
            sys.exit("the browser has ended")
        rest += piece


def value(expression):
    answer = send("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
    return answer["result"].get("value")


# From the event's own time stamp to the frame after the one that painted its effect.
PAINT = """new Promise(done => addEventListener(%r, event => requestAnimationFrame(() => {
  const channel = new MessageChannel(); channel.port1.onmessage = () => done(performance.now() - event.timeStamp);
  channel.port2.postMessage(0); }), { once: true, capture: true }))"""


def timed(event, act):
    value(f"window.painted = {PAINT % event}; 0")
    act()
    return value("window.painted")


def key(text):
    send("Input.dispatchKeyEvent", type="keyDown", key=text, text=text)
    send("Input.dispatchKeyEvent", type="keyUp", key=text)


def click(selector):
    x, y = value(f"""(() => {{ const e = document.querySelector({selector!r}); e.scrollIntoView({{ block: 'nearest' }});
      const r = e.getBoundingClientRect(); return [r.left + r.width / 2, r.top + r.height / 2]; }})()""")
    for kind in ("mousePressed", "mouseReleased"):
        send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)


target = send("Target.createTarget", url="about:blank")["targetId"]
session = send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
send("Page.enable")
firsts = []
for _ in range(5):
    send("Page.navigate", url=page.as_uri())
    firsts.append(
        value("""new Promise(done => { const look = () => {
      const paint = performance.getEntriesByName('first-contentful-paint')[0];
      paint && document.querySelector('#rows tr') ? done(paint.startTime) : setTimeout(look, 10); }; look(); })""")
    )


def tell(name, values):
    print(f"{name}: median {statistics.median(values):.0f} ms, worst {max(values):.0f} ms of {len(values)}")


print(f"files: {value('files.length')}, page: {page.stat().st_size} bytes")
tell("first paint, rows in it", firsts)
value("document.getElementById('text').focus()")
tell("key in the filter to repaint", [timed("input", lambda: key(letter)) for letter in "track 00957"])
click("#reset")
tell(
    "click on a verdict to repaint", [timed("click", lambda: click(".tools [data-verdict=rejected]")) for _ in range(6)]
)
if value("!!document.querySelector('.tools [data-trait=same]')"):
    tell(
        "click on same audio to repaint", [timed("click", lambda: click(".tools [data-trait=same]")) for _ in range(6)]
    )
columns = value("[...document.querySelectorAll('[data-sort]')].map(e => e.dataset.sort)")
tell(
    "click on a column to repaint",
    [timed("click", lambda: click(f"[data-sort={c}]")) for c in columns for _ in range(2)],
)
room = value("scroller.scrollHeight - scroller.clientHeight")
if room > 100:  # else nothing scrolls, and no event tells of it
    tell(
        "scroll to repaint",
        [timed("scroll", lambda: value(f"scroller.scrollTop = {room * n // 20}")) for n in range(1, 20, 2)],
    )

if shots:
    shots.mkdir(parents=True, exist_ok=True)
    click("#reset")
    click("[data-verdict=rejected]")
    click("#rows tr:nth-child(1)" if value("shown.length > 0") else "#reset")
    for scheme in ("light", "dark"):
        send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        size = send("Page.getLayoutMetrics")["cssContentSize"]
        picture = send(
            "Page.captureScreenshot",
            format="png",
            captureBeyondViewport=True,
            clip={"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1},
        )
        (shots / f"{scheme}.png").write_bytes(base64.b64decode(picture["data"]))
    send("Emulation.setEmulatedMedia", features=[])
    (shots / "print.pdf").write_bytes(base64.b64decode(send("Page.printToPDF", preferCSSPageSize=False)["data"]))
send("Browser.close")
browser.wait()
