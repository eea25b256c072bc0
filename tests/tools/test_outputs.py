"""Tests of tools/outputs.py: what a tool writes destroys nothing, and what it cannot write is known."""

import os
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

TOOLS = Path(__file__).resolve().parents[2] / "tools"
sys.path.insert(0, str(TOOLS))

from outputs import OutputFile, UnusableName, UnwritableFile, write_whole  # noqa: E402


class Outputs(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def names(self):
        return sorted(path.name for path in self.folder.iterdir())

    def test_files_are_replaced_whole_and_keep_their_permissions(self):
        path = self.folder / "x.json"
        OutputFile("--json", path).write("result 1")
        path.chmod(0o604)
        output = OutputFile("--json", path, beginning="result ")
        self.assertEqual(path.read_text(), "result 1")
        output.write("result 2")
        self.assertEqual(path.read_text(), "result 2")
        self.assertEqual(path.stat().st_mode & 0o777, 0o604)
        self.assertEqual(self.names(), ["x.json"])

    def test_files_that_would_be_lost_are_refused(self):
        path = self.folder / "file"
        for content in ("weights", " ", "resul", "x result 1"):
            path.write_text(content)
            with self.subTest(content), self.assertRaisesRegex(UnusableName, "neither empty nor an earlier result"):
                OutputFile("--json", path, beginning="result ")
            self.assertEqual(path.read_text(), content)
        path.write_text("")
        output = OutputFile("--json", path)
        path.write_text("somebody's")
        with self.assertRaises(UnwritableFile):
            output.write("result")
        self.assertEqual(path.read_text(), "somebody's")

    def test_links_are_written_through(self):
        (self.folder / "far").mkdir()
        (self.folder / "link").symlink_to("far/target")
        for text in ("result 1", "result 2"):
            OutputFile("--json", self.folder / "link", beginning="result ").write(text)
            self.assertTrue((self.folder / "link").is_symlink())
            self.assertEqual((self.folder / "far" / "target").read_text(), text)

    def test_devices_pipes_and_descriptors_are_written_to(self):
        OutputFile("--json", Path("/dev/null")).write("text")
        self.assertTrue(Path("/dev/null").is_char_device())
        with self.assertRaises(UnwritableFile):
            OutputFile("--json", Path("/dev/full")).write("text")
        os.mkfifo(self.folder / "pipe")
        received = []
        reader = threading.Thread(target=lambda: received.append((self.folder / "pipe").read_text()))
        reader.start()
        OutputFile("--json", self.folder / "pipe").write("x" * 100_000)
        reader.join()
        self.assertEqual(received, ["x" * 100_000])
        descriptor = os.open(self.folder / "log", os.O_WRONLY | os.O_CREAT)
        os.write(descriptor, b"before ")
        os.set_inheritable(descriptor, True)
        OutputFile("--json", Path(f"/dev/fd/{descriptor}")).write("json")
        os.close(descriptor)
        self.assertEqual((self.folder / "log").read_text(), "before json")

    def test_names_that_cannot_be_are_refused(self):
        (self.folder / "loop").symlink_to("loop")
        (self.folder / "file").write_text("")
        (self.folder / "hard").hardlink_to(self.folder / "file")
        for name in ("missing/x", "", "loop", "file/x", "n" * 300):
            with self.subTest(name), self.assertRaises(UnusableName):
                OutputFile("--json", self.folder / name)
        with self.assertRaisesRegex(UnusableName, "which this tool reads"):
            OutputFile("--json", self.folder / "hard", [self.folder / "missing", self.folder / "file"])
        with self.assertRaises(UnwritableFile):
            OutputFile("--json", Path("/proc/x"))
        os.mkfifo(self.folder / "pipe")
        with self.assertRaises(UnwritableFile):
            OutputFile("--json", self.folder / "pipe", patience=0)
        self.assertEqual(self.names(), ["file", "hard", "loop", "pipe"])

    def test_no_name_is_no_file(self):
        OutputFile("--json", None).write("text")
        self.assertEqual(self.names(), [])

    def test_a_file_of_our_own_is_whole(self):
        write_whole(self.folder / "x", b"bytes")
        self.assertEqual((self.folder / "x").read_bytes(), b"bytes")
        with self.assertRaises(OSError):
            write_whole(self.folder / "missing" / "x", "text")

    def tool(self, body, **streams):
        program = f"import sys; sys.path.insert(0, {str(TOOLS)!r})\nfrom outputs import *\n"
        program += f"def main():\n    {body}\nrun_tool('tool', main, (KeyError,))\n"
        return subprocess.run([sys.executable, "-c", program], text=True, **{"stderr": subprocess.PIPE, **streams})

    def pipe_without_reader(self):
        reader, writer = os.pipe()
        os.close(reader)
        stream = open(writer, "w")
        self.addCleanup(stream.close)
        return stream

    def test_exit_codes(self):
        with open("/dev/full", "w") as full:
            result = self.tool("print('text')", stdout=full)
        self.assertEqual((result.returncode, result.stderr), (6, "tool: [Errno 28] No space left on device\n"))
        for body in ("print('text')", "import argparse; argparse.ArgumentParser().parse_args(['--help'])"):
            for unbuffered in ("", "1"):  # a reader that has gone is told nothing
                gone = self.tool(body, stdout=self.pipe_without_reader(), env={"PYTHONUNBUFFERED": unbuffered})
                self.assertEqual((gone.returncode, gone.stderr), (6, ""))
        closed = self.tool("print('text')", preexec_fn=lambda: os.close(1))
        self.assertEqual(closed.returncode, 6)
        for body, code in (
            ("pass", 0),
            ("return 3", 3),
            ("sys.exit(4)", 4),
            ("raise KeyError('x')", 1),
            (f"OutputFile('--json', Path({str(self.folder)!r}))", 2),
            ("OutputFile('--json', Path('/proc/x'))", 6),
        ):
            with self.subTest(body):
                self.assertEqual(self.tool(body, stdout=subprocess.DEVNULL).returncode, code)

    def test_a_failing_standard_error_ends_nothing(self):
        body = f"print('text', file=sys.stderr, flush=True); Path({str(self.folder / 'x')!r}).touch()"
        with open("/dev/full", "w") as full:
            for stream in (full, self.pipe_without_reader()):
                self.assertEqual(self.tool(body, stdout=subprocess.DEVNULL, stderr=stream).returncode, 0)
                (self.folder / "x").unlink()  # made

    def test_a_closed_descriptor_is_no_file(self):
        body = f"Path({str(self.folder / 'x')!r}).open('w').fileno() > 2 or sys.exit(9)"
        closed = self.tool(body, preexec_fn=lambda: [os.close(number) for number in (0, 1)])
        self.assertEqual(closed.returncode, 0)


if __name__ == "__main__":
    unittest.main()
