import Foundation

/// A library that is loaded into a process and ends it at its n-th durable step: a sync, a renaming, a removal, a
/// connection.
///
/// Everything before that step is on the disk, and nothing after it. The process's workers (`…-worker`) are not ended.
package struct KillPoint {
  private static let source = """
    #define _GNU_SOURCE
    #include <dlfcn.h>
    #include <signal.h>
    #include <stdatomic.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <sys/socket.h>
    #include <unistd.h>

    static atomic_int count;
    static int isWorker(void) {
      char text[4096] = {0};
      FILE *file = fopen("/proc/self/cmdline", "r");
      size_t count = file ? fread(text, 1, sizeof text - 1, file) : 0;
      if (file) fclose(file);
      return memmem(text, count, "-worker", 7) != 0;
    }
    /* Even numbers end it before the step, odd ones after it. */
    static void reached(int number) {
      const char *at = getenv("KILL_POINT");
      if (at && atoi(at) == number && !isWorker()) kill(getpid(), SIGKILL);
    }
    #define STEP(type, name, parameters, ...) \\
      type name parameters { \\
        static type (*real) parameters; \\
        if (!real) real = (type (*) parameters)dlsym(RTLD_NEXT, #name); \\
        int number = 2 * atomic_fetch_add(&count, 1); \\
        reached(number); \\
        type result = real(__VA_ARGS__); \\
        reached(number + 1); \\
        return result; \\
      }
    STEP(int, fsync, (int file), file)
    STEP(int, fdatasync, (int file), file)
    STEP(int, rename, (const char *from, const char *to), from, to)
    STEP(int, renameat2, (int a, const char *from, int b, const char *to, unsigned flags), a, from, b, to, flags)
    STEP(int, link, (const char *from, const char *to), from, to)
    STEP(int, unlink, (const char *path), path)
    STEP(int, ftruncate, (int file, off_t length), file, length)
    STEP(int, connect, (int socket, const struct sockaddr *address, socklen_t length), socket, address, length)
    """

  private static let compiler = ["/usr/bin/cc", "/usr/bin/gcc", "/usr/bin/clang", "/opt/swift/usr/bin/clang"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  package static var isPossible: Bool {
    #if os(Linux)
      compiler != nil
    #else
      false
    #endif
  }

  package struct CannotCompile: Error {}

  private let library: String

  /// Compiles it into `directory`.
  package init(in directory: String) async throws {
    library = directory + "/kill-point.so"
    try await Self.compile(Self.source, to: library)
  }

  /// Compiles C into a library that can be loaded into others' processes.
  package static func compile(_ text: String, to library: String) async throws {
    guard let compiler else { throw CannotCompile() }
    let source = library + ".c"
    try Data(text.utf8).write(to: URL(filePath: source))
    let process = Process()
    // Tests of the command change the process's own, and remove it.
    process.currentDirectoryURL = URL(fileURLWithPath: "/")
    process.executableURL = URL(filePath: compiler)
    process.arguments = ["-O1", "-shared", "-fPIC", "-w", "-o", library, source, "-ldl"]
    try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
      process.terminationHandler = { _ in done.resume() }
      do { try process.run() } catch { done.resume(throwing: error) }
    }
    guard process.terminationStatus == 0 else { throw CannotCompile() }
  }

  /// The variables that end a process at a point.
  package func environment(_ point: Int) -> [String: String] { ["LD_PRELOAD": library, "KILL_POINT": String(point)] }
}
