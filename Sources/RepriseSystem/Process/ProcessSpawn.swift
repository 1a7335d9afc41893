internal import Synchronization

#if canImport(Glibc)
  internal import CSpawn
  internal import Glibc
#else
  internal import Darwin
#endif

/// The start of processes whose standard streams are pipes or open files.
package enum ProcessSpawn {
  /// A failure to start a process, with the system's error number.
  package enum Failure: Error, Equatable {
    /// A pipe could not be made.
    case pipe(errno: Int32)
    /// The program could not be run.
    case program(errno: Int32)
  }

  /// A standard stream of the process.
  package enum Stream {
    /// An open file of this process.
    case descriptor(Int32)
    /// A pipe, of which this process keeps the other end.
    case pipe
    /// The pipe of stdout, for stderr.
    case sameAsOutput
    /// Nothing.
    case null
  }

  /// A process that was started, and the ends of its pipes in this process; −1 for streams that are no pipes.
  package struct Started {
    /// The process.
    package let pid: Int32
    /// The end of stdin's pipe to write to.
    package var input: Int32 = -1
    /// The end of stdout's pipe to read from.
    package var output: Int32 = -1
    /// The end of stderr's pipe to read from.
    package var errors: Int32 = -1
  }

  private static let starting = Mutex(())
  private static let sharing = Atomic(false)

  /// `true` if processes stay in the process group of this process, so that who kills that group kills them too.
  ///
  /// By default each process has a group of its own: Ctrl-C in a terminal is then for this process alone, which ends
  /// the others.
  package static var sharesGroup: Bool {
    get { sharing.load(ordering: .relaxed) }
    set { sharing.store(newValue, ordering: .relaxed) }
  }

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - program: The path of the program.
  ///   - arguments: The arguments as bytes, since paths need not be UTF-8.
  ///   - environment: The environment.
  ///   - input: The process's stdin.
  ///   - output: The process's stdout.
  ///   - errors: The process's stderr.
  /// - Returns: The process and the ends of its pipes.
  /// - Throws: `Failure`.
  package static func start(
    _ program: String, _ arguments: [RawPath], environment: [String: String] = Environment.current, input: Stream,
    output: Stream, errors: Stream
  ) throws(Failure) -> Started {
    // One at a time: no other process may start between a pipe's creation and its marking as close-on-exec.
    try starting.withLock { _ throws(Failure) in
      var pipes: [(read: Int32, write: Int32)] = []
      func made(_ stream: Stream) throws(Failure) -> (read: Int32, write: Int32) {
        guard case .pipe = stream else { return (-1, -1) }
        let pipe = try Self.pipe()
        pipes.append(pipe)
        return pipe
      }
      do throws(Failure) {
        let (down, up, side) = (try made(input), try made(output), try made(errors))
        var theirs: [(stream: Int32, descriptor: Int32?)] = []
        theirs.append((STDIN_FILENO, descriptor(input, pipe: down.read)))
        theirs.append((STDOUT_FILENO, descriptor(output, pipe: up.write)))
        if case .sameAsOutput = errors {
          theirs.append((STDERR_FILENO, up.write))
        } else {
          theirs.append((STDERR_FILENO, descriptor(errors, pipe: side.write)))
        }
        let (pid, reason) = spawn(program, arguments, environment, theirs)
        guard reason == 0 else { throw .program(errno: reason) }
        for end in [down.read, up.write, side.write] where end >= 0 { close(end) }
        return Started(pid: pid, input: down.write, output: up.read, errors: side.read)
      } catch {
        for pipe in pipes {
          close(pipe.read)
          close(pipe.write)
        }
        throw error
      }
    }
  }

  /// Returns the descriptor that a stream becomes; `nil` for none.
  private static func descriptor(_ stream: Stream, pipe: Int32) -> Int32? {
    switch stream {
    case .descriptor(let number): number
    case .pipe: pipe
    case .null, .sameAsOutput: nil
    }
  }

  /// Returns the ends of a new pipe, neither of which a process inherits: one that held another's would keep it from
  /// noticing that this process has gone.
  private static func pipe() throws(Failure) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    guard systemPipe(&ends) == 0 else { throw .pipe(errno: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  private static func spawn(
    _ program: String, _ arguments: [RawPath], _ environment: [String: String],
    _ streams: [(stream: Int32, descriptor: Int32?)]
  ) -> (pid: Int32, reason: Int32) {
    #if os(Linux)
      var actions = unsafe posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #else
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #endif
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    for (stream, descriptor) in streams {
      if let descriptor {
        unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, stream)
      } else {
        let mode = stream == STDIN_FILENO ? O_RDONLY : O_WRONLY
        unsafe posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", mode, 0)
      }
    }
    // A process that held a socket or a lock of this one would keep it after this one has given it up.
    #if os(Linux)
      unsafe posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1)
      var flags = 0
    #else
      var flags = POSIX_SPAWN_CLOEXEC_DEFAULT
    #endif
    if !sharesGroup {
      flags |= Int(POSIX_SPAWN_SETPGROUP)
      unsafe posix_spawnattr_setpgroup(&attributes, 0)
    }
    unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
    var list =
      unsafe [strdup(program)] + arguments.map { argument in unsafe argument.withCString { unsafe strdup($0) } }
    unsafe list.append(nil)
    var variables = unsafe environment.map { unsafe strdup("\($0)=\($1)") } + [nil]
    defer { unsafe (list + variables).forEach { unsafe free($0) } }
    var pid: pid_t = 0
    let reason = unsafe posix_spawn(&pid, program, &actions, &attributes, &list, &variables)
    return (pid, reason)
  }
}

/// Calls `pipe(2)`, whose name a method above has.
private func systemPipe(_ ends: inout [Int32]) -> Int32 { unsafe pipe(&ends) }
