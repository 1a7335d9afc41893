import Foundation

/// A library that is loaded into a process and goes wrong where a file is opened whose name holds a mark: as a decoder
/// does that crashes, or never comes back.
package struct FaultPoint {
  /// A file whose name holds it crashes whoever opens it.
  package static let crash = "CRASH-HERE"
  /// A file whose name holds it is never open.
  package static let hang = "HANG-HERE"

  private static let source = """
    #define _GNU_SOURCE
    #include <dlfcn.h>
    #include <fcntl.h>
    #include <signal.h>
    #include <stdarg.h>
    #include <stdio.h>
    #include <string.h>
    #include <unistd.h>

    static int applies(void) {
      static int known = -1;
      if (known < 0) {
        char text[4096] = {0};
        FILE *file = fopen("/proc/self/cmdline", "r");
        size_t count = file ? fread(text, 1, sizeof text - 1, file) : 0;
        if (file) fclose(file);
        known = memmem(text, count, ONLY, strlen(ONLY)) != 0;
      }
      return known;
    }
    static void look(const char *path) {
      if (strstr(path, "CRASH-HERE") && applies()) { signal(SIGSEGV, SIG_DFL); raise(SIGSEGV); }
      while (strstr(path, "HANG-HERE") && applies()) sleep(1000);
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

  private let library: String

  /// Compiles the library.
  ///
  /// - Parameters:
  ///   - directory: The directory of the library.
  ///   - command: A text that the command lines of the processes contain in which files go wrong; empty for all.
  /// - Throws: An error if the library can't be compiled.
  package init(in directory: String, only command: String = "") async throws {
    library = directory + "/fault-point.so"
    try await KillPoint.compile("#define ONLY \"\(command)\"\n" + Self.source, to: library)
  }

  /// The variables that load it.
  package var environment: [String: String] { ["LD_PRELOAD": library] }
}
