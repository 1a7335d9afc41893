import CommandSupport
import Foundation
import TestSupport
import Testing

@Suite("Preparing files that crash or hang their worker", .enabled(if: KillPoint.isPossible), .startsProcesses)
struct ValidatePrepareFaultTests {
  /// As `FaultPoint`, in the processes alone that prepare.
  private static let source = """
    #define _GNU_SOURCE
    #include <dlfcn.h>
    #include <fcntl.h>
    #include <signal.h>
    #include <stdarg.h>
    #include <stdio.h>
    #include <string.h>
    #include <unistd.h>

    static int prepares(void) {
      static int known = -1;
      if (known < 0) {
        char text[4096] = {0};
        FILE *file = fopen("/proc/self/cmdline", "r");
        size_t count = file ? fread(text, 1, sizeof text - 1, file) : 0;
        if (file) fclose(file);
        known = memmem(text, count, "prepare-worker", 14) != 0;
      }
      return known;
    }
    static void look(const char *path) {
      if (strstr(path, "CRASH-HERE") && prepares()) { signal(SIGSEGV, SIG_DFL); raise(SIGSEGV); }
      while (strstr(path, "HANG-HERE") && prepares()) sleep(1000);
    }
    #define OPEN(name) \\
      int name(const char *path, int flags, ...) { \\
        static int (*real)(const char *, int, ...); \\
        if (!real) real = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, #name); \\
        va_list more; \\
        va_start(more, flags); \\
        int mode = va_arg(more, int); \\
        va_end(more); \\
        look(path); \\
        return real(path, flags, mode); \\
      }
    OPEN(open)
    OPEN(open64)
    """

  private func fault(_ library: PreparedLibrary) async throws -> [String: String] {
    let path = library.command.folder + "/prepare-fault.so"
    try await KillPoint.compile(Self.source, to: path)
    return ["LD_PRELOAD": path]
  }

  /// Returns `true` if the directory holds only those of Reprise's own files that remain when no run is under way.
  private func isTidy(_ library: PreparedLibrary, _ folder: String) throws -> Bool {
    let own = try FileManager.default.contentsOfDirectory(atPath: library.command.path(folder + "/.reprise"))
    let parts = try FileManager.default.subpathsOfDirectory(atPath: library.command.path(folder))
      .filter { $0.hasSuffix(".part") }
    return Set(own) == ["lock", "prepared.sqlite"] && parts.isEmpty
  }

  @Test("a file that crashes its worker and one that hangs cost themselves")
  func faults() async throws {
    let library = try PreparedLibrary()
    defer { library.command.clean() }
    for name in ["1.wav", "2-CRASH-HERE.wav", "3-HANG-HERE.wav", "4.wav"] {
      try library.copy("plain.wav", to: "music/" + name)
    }
    let result = try await library.command.run(
      list: library.arguments + ["--timeout", "2"], environment: try await fault(library))
    #expect(result.status == 1, "\(result.words)")
    #expect(result.words.contains("2-CRASH-HERE.wav: preparing it crashed (signal 11), twice"))
    #expect(result.words.contains("3-HANG-HERE.wav: was not prepared within 2 s"))
    #expect(result.words.contains("2 prepared, 0 already, 0 ready as they are, 0 rejected, 2 failed"))
    #expect(try Set(library.made().keys) == ["1.mp3", "4.mp3", "manifest.csv"])
    #expect(try isTidy(library, "ready"))
  }

  @Test("a manifest that somebody writes while it runs is left as it is")
  func manifest() async throws {
    let library = try PreparedLibrary()
    defer { library.command.clean() }
    for name in ["1.wav", "2-HANG-HERE.wav"] { try library.copy("plain.wav", to: "music/" + name) }
    let arguments = library.arguments + ["--timeout", "3"]
    let environment = try await fault(library)
    let mine = Data("path,prompt\n1.mp3,mine\n".utf8)
    let (made, manifest) = (library.command.path("ready/1.mp3"), library.command.path("ready/manifest.csv"))
    // On a thread of its own: the other tests may keep the pool busy for longer than the file that hangs is waited for.
    Thread.detachNewThread {
      // The run may have to wait for the working directory until others are done.
      eventuallyOnThread(within: .seconds(900)) { FileManager.default.fileExists(atPath: made) }
      _ = FileManager.default.createFile(atPath: manifest, contents: mine)
    }
    let result = try await library.command.run(list: arguments, environment: environment)
    #expect(result.status == 74)
    let text = result.words
    #expect(text.contains("manifest.csv: stands there and is not as an earlier run wrote it"), "\(text)")
    #expect(try library.bytes("ready/manifest.csv") == mine)
    #expect(try isTidy(library, "ready"))
  }
}
