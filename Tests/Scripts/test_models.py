#!/usr/bin/env python3
"""Tests of scripts/models, with wheels made here and an index of packages on this machine's loopback.

    Tests/Scripts/test_models.py        all of them; wants pip, and no network

The program is a copy of the real one; its converters are two of the tests' own, as the wheels of the real ones are not
ours to make. What the real ones read is made here as far as it is small.
"""

import ast
import base64
import collections
import contextlib
import hashlib
import http.server
import importlib.machinery
import importlib.util
import io
import os
import pickle
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import types
import unittest
import zipfile
from collections.abc import Iterator
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]

CONVERTER = """
SOURCE = {{
    "package": "{package}", "version": "1.2.3", "bytes": {size}, "sha256": "{digest}",
    "licence": "{package}-1.2.3.dist-info/LICENSE", "notice": "{package}-1.2.3.dist-info/NOTICE",
    "credit": "{package}: somebody",
}}

def tensors(wheel):
    values = [float(word) for word in wheel.read("{package}/model.txt").split()]
    return {{"first": ((2,), values[:2]), "second": ((1, 2), values[2:])}}
"""
MODELS = ("one", "two")
KINDS = ("LICENSE", "NOTICE", "weights")


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def wheel(package: str, text: str = "1 -2 0.5 65504") -> bytes:
    """A wheel that pip takes."""
    info = f"{package}-1.2.3.dist-info"
    files = {
        f"{package}/model.txt": text,
        f"{info}/LICENSE": "Do as you like.\n",
        f"{info}/NOTICE": "Somebody made this.",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.2.3\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    lines = [
        f"{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(data.encode()).digest()).decode().rstrip('=')},"
        f"{len(data)}"
        for name, data in files.items()
    ]
    files[f"{info}/RECORD"] = "\n".join([*lines, f"{info}/RECORD,,", ""])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


class Index:
    """A "simple" index of packages (PEP 503)."""

    def __init__(self, wheels: dict[str, bytes], status: int = 200) -> None:
        self.asked: list[str] = []
        self.is_asked = threading.Event()
        index = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                index.asked.append(self.path)
                index.is_asked.set()
                package = self.path.strip("/").split("/")[1].split("-")[0]
                if status == 0:
                    # No answer until the client gives up.
                    self.connection.recv(1)
                    return
                if status != 200 or package not in wheels:
                    self.send_error(404 if status == 200 else status)
                    return
                is_wheel = self.path.endswith(".whl")
                name = f"{package}-1.2.3-py3-none-any.whl"
                data = wheels[package] if is_wheel else f'<a href="/files/{name}">{name}</a>'.encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/octet-stream" if is_wheel else "text/html")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/simple"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class ModelsCase(unittest.TestCase):
    """A copy of the program in a directory of its own."""

    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory(prefix="reprise-test-models-")
        self.addCleanup(temporary.cleanup)
        self.root = Path(temporary.name).resolve()
        self.target, self.wheels, self.scratch = (self.root / name for name in ("target", "wheels", "tmp"))
        for path in (self.wheels, self.scratch, self.root / "scripts/models.d"):
            path.mkdir(parents=True)
        self.program = Path(shutil.copy(ROOT / "scripts/models", self.root / "scripts/models"))
        self.made = {package: wheel(package) for package in MODELS}
        for package, data in self.made.items():
            (self.wheels / f"{package}-1.2.3-py3-none-any.whl").write_bytes(data)
            text = CONVERTER.format(package=package, size=len(data), digest=digest(data))
            self.converter(package).write_text(text)
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PIP_", "REPRISE_", "XDG_")) and not name.lower().endswith("_proxy")
        }
        self.environment.update(
            HOME=str(self.root / "home"), TMPDIR=str(self.scratch), PIP_CONFIG_FILE="/dev/null", PIP_NO_CACHE_DIR="1"
        )

    def converter(self, name: str) -> Path:
        return self.root / f"scripts/models.d/{name}.py"

    def command(self, *arguments: "str | Path") -> list[str]:
        return [sys.executable, str(self.program), *map(str, arguments)]

    def run_it(self, code: int, *arguments: "str | Path", **variables: str) -> str:
        """Runs the program, and gives what it says."""
        done = subprocess.run(
            self.command(*arguments), env={**self.environment, **variables}, capture_output=True, text=True, cwd="/"
        )
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertNotIn("Traceback", done.stderr)
        self.assertEqual(list(self.scratch.iterdir()), [])
        return done.stderr

    def make(self, code: int = 0) -> str:
        return self.run_it(code, "--wheels", self.wheels, self.target)

    def index(self, wheels: dict[str, bytes], status: int = 200) -> Index:
        index = Index(wheels, status)
        self.addCleanup(index.close)
        return index

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted(self.target.iterdir())}

    def expected(self, *names: str) -> list[str]:
        return sorted(f"{name}.{kind}" for name in names or MODELS for kind in KINDS)


class WrittenTests(ModelsCase):
    def test_weights_licence_and_notice_are_written_as_described(self) -> None:
        self.assertIn(str(self.target), self.make())
        files = self.files()
        self.assertEqual(sorted(files), self.expected())
        head = b"RPWEIGHT" + struct.pack("<II", 1, 2)
        head += struct.pack("<H5sHI", 5, b"first", 1, 2) + struct.pack("<H6sHII", 6, b"second", 2, 1, 2)
        self.assertEqual(files["one.weights"], head + struct.pack("<4e", 1, -2, 0.5, 65504))
        self.assertEqual(files["one.LICENSE"], b"Do as you like.\n")
        notice = files["one.NOTICE"].decode()
        for part in ("one: somebody", digest(self.made["one"]), digest(files["one.weights"]), "Somebody made this."):
            self.assertIn(part, notice)

    def test_what_is_there_is_left(self) -> None:
        self.make()
        before = {path.name: path.stat().st_mtime_ns for path in self.target.iterdir()}
        self.assertIn(f"are in {self.target}: one, two", self.run_it(0, self.target))
        self.assertEqual({path.name: path.stat().st_mtime_ns for path in self.target.iterdir()}, before)

    def test_damage_to_any_of_the_files_is_mended(self) -> None:
        self.make()
        whole = self.files()
        damages = {
            "emptied": lambda _: b"",
            "cut": lambda data: data[:-1],
            "longer": lambda data: data + b"\n",
            "another byte": lambda data: data[:9] + bytes([data[9] ^ 1]) + data[10:],
            "its end another": lambda data: data[:-2] + bytes([data[-2] ^ 1]) + data[-1:],
            "another model's": lambda _: b"RPWEIGHT" + struct.pack("<II", 1, 0),
            "removed": lambda _: None,
        }
        for name in self.expected("one"):
            for damage, change in damages.items():
                with self.subTest(name=name, damage=damage):
                    data = change(whole[name])
                    (self.target / name).write_bytes(data or b"")
                    if data is None:
                        (self.target / name).unlink()
                    said = self.make()
                    self.assertIn("one: written", said)
                    self.assertNotIn("two", said)
                    self.assertEqual(self.files(), whole)

    def test_a_changed_converter_makes_its_model_anew_from_the_same_wheel(self) -> None:
        self.make()
        before = self.files()
        text = self.converter("two").read_text()
        self.converter("two").write_text(text.replace("float(word)", "2 * float(word)"))
        self.assertNotIn("one: written", self.make(70))  # 131008 is beyond a 16-bit float
        self.assertEqual(self.files(), before)
        self.converter("two").write_text(text.replace("float(word)", "-float(word)"))
        self.assertIn("two: written", self.make())
        after = self.files()
        self.assertEqual({name for name in after if after[name] != before[name]}, {"two.NOTICE", "two.weights"})

    def test_the_notice_of_a_former_version_does_not_vouch_for_a_model(self) -> None:
        self.make()
        whole = self.files()
        lines = whole["one.NOTICE"].decode().splitlines(keepends=True)
        (self.target / "one.NOTICE").write_text("".join(line for line in lines if "SHA-256 of" not in line[:10]))
        self.assertIn("one: written", self.make())
        self.assertEqual(self.files(), whole)

    def test_a_wheel_that_is_another_is_refused_and_the_others_are_made(self) -> None:
        other = wheel("one", "9 9 9 9")
        (self.wheels / "one-1.2.3-py3-none-any.whl").write_bytes(other)
        said = self.make(65)
        self.assertIn(digest(other), said)
        self.assertEqual(sorted(self.files()), self.expected("two"))

    def test_a_wheel_that_is_not_there_is_told(self) -> None:
        (self.wheels / "two-1.2.3-py3-none-any.whl").unlink()
        self.assertIn(f"there is no wheel of two 1.2.3 in {self.wheels}", self.make(69))
        self.assertEqual(sorted(self.files()), self.expected("one"))

    def test_a_converter_that_fails_leaves_nothing(self) -> None:
        for name in MODELS:
            self.converter(name).write_text(self.converter(name).read_text().replace("((2,)", "((3,)"))
        self.assertIn("not those of the shape (3,)", self.make(70))
        self.assertFalse(self.target.exists())


class ArgumentsTests(ModelsCase):
    def test_the_directory_is_the_first_in_which_reprise_looks_and_is_named(self) -> None:
        below = "Library/Application Support" if sys.platform == "darwin" else ".local/share"
        data, named = str(self.root / "data"), str(self.root / "srv/m")
        cases = [
            ({}, self.root / "home" / below / "reprise/models"),
            ({"XDG_DATA_HOME": data}, self.root / "data/reprise/models"),
            ({"XDG_DATA_HOME": "data"}, self.root / "home" / below / "reprise/models"),
            ({"XDG_DATA_HOME": data, "REPRISE_MODELS": named}, Path(named)),
        ]
        for variables, place in cases:
            with self.subTest(variables=variables):
                shutil.rmtree(place, ignore_errors=True)
                self.assertIn(str(place), self.run_it(0, "--wheels", self.wheels, **variables))
                self.assertEqual(sorted(path.name for path in place.iterdir()), self.expected())

    def test_nothing_is_made_where_no_models_are_wanted(self) -> None:
        self.assertIn("REPRISE_MODELS is empty", self.run_it(0, "--wheels", self.wheels, REPRISE_MODELS=""))
        self.assertFalse((self.root / "home").exists())

    def test_one_model_can_be_named(self) -> None:
        self.run_it(0, "--only", "two", "--wheels", self.wheels, self.target)
        self.assertEqual(sorted(self.files()), self.expected("two"))

    def test_unknown_names_and_options_are_errors_of_usage(self) -> None:
        self.assertIn("one, two", self.run_it(64, "--only", "nope", self.target))
        for arguments in (["--nope"], ["a", "b"], [""], ["--wheels", ""], ["--wheels"], ["--only", ""]):
            with self.subTest(arguments=arguments):
                self.assertIn("usage: scripts/models", self.run_it(64, *arguments))

    def test_a_directory_that_cannot_be_made_is_told_before_anything_is_fetched(self) -> None:
        index = self.index(self.made)
        (self.root / "file").write_text("")
        places = [self.root / "file", self.root / "file/models", Path("/dev/null/models")]
        # Directories in which nobody can make a file, whatever their permissions.
        places += [path for path in (Path("/proc"), Path("/proc/models")) if sys.platform == "linux"]
        for place in places:
            with self.subTest(place=place):
                self.assertIn(f"cannot be written: {place}", self.run_it(74, place, PIP_INDEX_URL=index.url))
        self.assertEqual(index.asked, [])

    def test_a_file_that_cannot_be_replaced_is_told(self) -> None:
        (self.target / "one.weights").mkdir(parents=True)
        self.assertIn("one.weights", self.make(74))
        self.assertEqual([name.name for name in self.target.iterdir() if name.suffix == ".part"], [])


class FetchingTests(ModelsCase):
    def test_models_are_fetched_from_the_index_that_pip_is_set_to(self) -> None:
        index = self.index(self.made)
        self.assertIn("pip's index (0.0 MB)", self.run_it(0, self.target, PIP_INDEX_URL=index.url))
        self.assertEqual(sorted(self.files()), self.expected())
        self.assertEqual(len([path for path in index.asked if path.endswith(".whl")]), 2)

    def test_a_wheel_of_the_index_with_another_hash_is_65(self) -> None:
        other = wheel("one", "9 9 9 9")
        index = self.index({**self.made, "one": other})
        said = self.run_it(65, self.target, PIP_INDEX_URL=index.url)
        self.assertIn(digest(other), said)
        self.assertIn(digest(self.made["one"]), said)
        self.assertEqual(sorted(self.files()), self.expected("two"))

    def test_a_package_that_the_index_has_not_leaves_the_others(self) -> None:
        index = self.index({"two": self.made["two"]})
        said = self.run_it(69, self.target, PIP_INDEX_URL=index.url)
        self.assertIn("Not made: one: ", said)
        self.assertIn("404", said)
        self.assertEqual(sorted(self.files()), self.expected("two"))

    def test_an_index_that_cannot_be_reached_is_tried_once_and_told_with_the_reason(self) -> None:
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))  # and does not listen
            url = f"http://user:secret@127.0.0.1:{closed.getsockname()[1]}/simple"
            said = self.run_it(69, self.target, PIP_INDEX_URL=url)
        self.assertEqual(len(said.splitlines()), 2, said)
        self.assertIn("Not made: one, two: pip's index http://127.0.0.1:", said)
        self.assertIn("Connection refused", said)
        self.assertNotIn("secret", said)
        self.assertFalse(self.target.exists())

    def test_an_index_that_fails_is_told_with_the_reason(self) -> None:
        for status in (403, 503):
            with self.subTest(status=status):
                index = self.index(self.made, status)
                self.assertIn(str(status), self.run_it(69, self.target, PIP_INDEX_URL=index.url))
                self.assertFalse(self.target.exists())

    def test_without_pip_that_is_told_once(self) -> None:
        # What Python says where there is no pip.
        (self.root / "no").mkdir()
        (self.root / "no/pip.py").write_text("raise SystemExit('/usr/bin/python3: No module named pip')")
        said = self.run_it(69, self.target, PYTHONPATH=str(self.root / "no"))
        self.assertEqual(len(said.splitlines()), 2, said)
        self.assertIn("Not made: one, two: ", said)
        self.assertIn("python3-pip", said)

    def test_a_signal_leaves_nothing_and_is_seen_by_the_caller(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(signal=number):
                index = self.index(self.made, 0)
                environment = {**self.environment, "PIP_INDEX_URL": index.url}
                # A test run that nohup started ignores SIGHUP, and so would what it starts.
                running = subprocess.Popen(
                    self.command(self.target),
                    env=environment,
                    stderr=subprocess.PIPE,
                    preexec_fn=lambda number=number: signal.signal(number, signal.SIG_DFL),
                )
                self.assertTrue(index.is_asked.wait(60))
                self.assertTrue(self.target.exists())
                running.send_signal(number)
                _, said = running.communicate(timeout=60)
                self.assertEqual(running.returncode, -number)
                self.assertNotIn(b"Traceback", said)
                self.assertFalse(self.target.exists())
                self.assertEqual(list(self.scratch.iterdir()), [])


class ReasonsTests(unittest.TestCase):
    """Why pip did not fetch a wheel, by what its versions 23 to 26 say and log."""

    def why(self, errors: str, log: str = "") -> Exception:
        program = importlib.machinery.SourceFileLoader("models", str(ROOT / "scripts/models"))
        module = types.ModuleType("models")
        module.__file__ = program.path
        program.exec_module(module)
        return module.why_not("one 1.2.3", "00ff", errors, log)

    def test_a_page_that_cannot_be_read_is_told_briefly(self) -> None:
        pool = "HTTPSConnectionPool(host='i.test', port=443): "
        retries = pool + "Max retries exceeded with url: /simple/one/ (Caused by "
        opened = "<pip._vendor.urllib3.connection.HTTPSConnection object at 0x7fa6d52887f0>"
        failed = f"NewConnectionError('{opened}: Failed to establish a new connection: [Errno %s')"
        certificate = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed (_ssl.c:1006)"
        proxy = "ProxyError('Cannot connect to proxy.', "
        cases = [
            (f"connection error: {retries}{failed % '111] Connection refused'})", True, "Connection refused"),
            (
                f"connection error: {retries}{failed % '-2] Name or service not known'})",
                True,
                "Name or service not known",
            ),
            (
                "connection error: Failed to resolve IP address for 'i.test' ([Errno -2] Name or service not known)",
                True,
                "Name or service not known",
            ),
            (
                f"connection error: {retries}{proxy}{failed % '113] No route to host'}))",
                True,
                "through a proxy: No route to host",
            ),
            (
                f"connection error: {retries}ConnectTimeoutError({opened}, 'Connection to i.test timed out. "
                "(connect timeout=15.0)'))",
                True,
                "Connection to i.test timed out",
            ),
            (
                f'connection error: {retries}ReadTimeoutError("{pool}Read timed out. (read timeout=15.0)"))',
                True,
                "Read timed out",
            ),
            ("i.test didn't respond within 15.0 seconds", True, "i.test didn't respond within 15.0 seconds"),
            (
                "There was a problem confirming the ssl certificate: "
                f"{retries}SSLError(SSLCertVerificationError(1, '{certificate}')))",
                True,
                "certificate verify failed: self-signed",
            ),
            (
                "404 Client Error: Not Found for url: https://i.test/simple/one/",
                False,
                "404 Client Error: Not Found for url: https://i.test/simple/one/",
            ),
        ]
        for logged, is_general, brief in cases:
            with self.subTest(logged=logged):
                url = "https://me:key@i.test/simple/one/"
                line = f"2026-11-30T13:47:52,883 Could not fetch URL {url}: {logged} - skipping\n"
                problem = self.why("ERROR: No matching distribution found for one==1.2.3\n", line)
                self.assertEqual(str(problem), f"pip's index https://i.test/simple/one/ cannot be read: {brief}")
                self.assertEqual((problem.code, problem.is_general), (69, is_general))

    def test_other_reasons_are_told(self) -> None:
        refused = "WARNING: The repository located at i.test is not a trusted or secure host and is …"
        none = "ERROR: No matching distribution found for one==1.2.3"
        full = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"
        cases = [
            (
                f"{refused}\n{none}",
                69,
                True,
                "pip refuses its index: The repository located at i.test is not a trusted",
            ),
            (none, 69, False, "pip's index has no wheel of one 1.2.3"),
            (full, 74, False, "No space left on device"),
            ("ERROR: something new\n", 69, False, "pip could not fetch one 1.2.3: ERROR: something new"),
            ("", 69, False, "pip could not fetch one 1.2.3: no wheel came"),
        ]
        for errors, code, is_general, part in cases:
            with self.subTest(errors=errors):
                problem = self.why(errors)
                self.assertIn(part, str(problem))
                self.assertEqual((problem.code, problem.is_general), (code, is_general))


class Storage:
    """The values of a tensor as torch.save refers to them."""


class ConvertersTests(unittest.TestCase):
    """The converters of the repository."""

    def load(self, name: str) -> types.ModuleType:
        spec = importlib.util.spec_from_file_location(name.replace("-", "_"), ROOT / f"scripts/models.d/{name}.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    def test_each_names_its_wheel_by_version_and_hash_and_all_are_small(self) -> None:
        sources = [self.load(path.stem).SOURCE for path in (ROOT / "scripts/models.d").glob("*.py")]
        self.assertEqual(len(sources), 3)
        for source in sources:
            self.assertRegex(source["sha256"], r"^[0-9a-f]{64}$")
            self.assertLessEqual({"package", "version", "bytes", "licence", "credit"}, set(source))
        self.assertLessEqual(sum(source["bytes"] for source in sources), 40_000_000)

    def test_the_python_of_macos_can_read_them_and_an_older_one_the_program(self) -> None:
        for path in (ROOT / "scripts/models.d").glob("*.py"):
            ast.parse(path.read_text(), feature_version=(3, 9))
        # So that it can say that it is too old.
        ast.parse((ROOT / "scripts/models").read_text(), feature_version=(3, 6))

    @contextlib.contextmanager
    def torch(self) -> Iterator[types.SimpleNamespace]:
        """Stands for the module torch, of which a pickle holds names alone."""
        torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")

        def rebuild(*_: object) -> None:
            pass

        rebuild.__module__, rebuild.__name__, rebuild.__qualname__ = "torch._utils", *["_rebuild_tensor_v2"] * 2
        storage = type("FloatStorage", (), {"__module__": "torch"})
        torch.FloatStorage, utils._rebuild_tensor_v2, torch._utils = storage, rebuild, utils
        sys.modules.update({"torch": torch, "torch._utils": utils})
        try:
            yield types.SimpleNamespace(storage=storage, rebuild=rebuild)
        finally:
            del sys.modules["torch"], sys.modules["torch._utils"]

    def saved(self, tensors: dict[str, tuple], values: list[float], extra: object = None) -> zipfile.ZipFile:
        """An archive as torch.save makes it, of tensors (offset, shape, stride) in one storage."""
        with self.torch() as torch:

            class Pickler(pickle.Pickler):
                def persistent_id(self, value: object) -> object:
                    return ("storage", torch.storage, "0", "cpu", len(values)) if isinstance(value, Storage) else None

            class Tensor:
                def __init__(self, *place: object) -> None:
                    self.place = place

                def __reduce__(self) -> tuple:
                    return torch.rebuild, (Storage(), *self.place, False, collections.OrderedDict())

            state = collections.OrderedDict((name, Tensor(*place)) for name, place in tensors.items())
            if extra is not None:
                state["extra"] = extra
            out, pickled = io.BytesIO(), io.BytesIO()
            Pickler(pickled, 2).dump(state)
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("model/data.pkl", pickled.getvalue())
            archive.writestr("model/data/0", struct.pack(f"<{len(values)}f", *values))
        return zipfile.ZipFile(out)

    def test_a_state_saved_by_pytorch_is_read(self) -> None:
        values = [float(value) for value in range(8)]
        archive = self.saved({"a": (0, (2, 3), (3, 1)), "b": (6, (2,), (1,))}, values)
        self.assertEqual(self.load("beatnet").state(archive), {"a": ((2, 3), values[:6]), "b": ((2,), values[6:])})

    def test_tensors_that_are_not_in_their_storage_row_after_row_are_refused(self) -> None:
        beatnet = self.load("beatnet")
        for place in ((0, (2, 3), (1, 2)), (3, (2, 3), (3, 1)), (0, (2, 3), (1,)), (0, (2,), (3, 1))):
            with self.subTest(place=place), self.assertRaises(ValueError):
                beatnet.state(self.saved({"a": place}, [0.0] * 8))

    def test_a_pickle_that_would_call_something_is_refused(self) -> None:
        beatnet = self.load("beatnet")
        for function, argument in ((os.system, "exit 1"), (eval, "1"), (print, ""), (getattr, os)):

            class Call:
                def __reduce__(self, function: object = function, argument: object = argument) -> tuple:
                    return function, (argument,) if argument is not os else ("", "upper")

            with self.subTest(function=function), self.assertRaisesRegex(ValueError, "a pickle that wants"):
                beatnet.state(self.saved({}, [], Call()))


if __name__ == "__main__":
    unittest.main()
