public import RepriseAudio
internal import RepriseSystem
internal import Synchronization
public import SystemPackage

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The files of a library, inspected one after another in the order of their paths' bytes.
///
///     for try await file in LibraryScan(["music"], options: .init(depth: .samples)) {
///       print(file.path, file.inspection.verdict)
///     }
///
/// Directories are walked through; links to directories are followed once, hidden files are left out unless they are
/// named, and pipes, sockets and devices are not opened. Each path is delivered once. A file or directory that can't be
/// read is an element whose inspection reports the failure.
///
/// Only a few files are inspected ahead of the iterator: a scan of any library takes the same memory, and inspecting
/// stops when the iteration ends.
public struct LibraryScan: AsyncSequence, Sendable {
  /// The processes that inspect files.
  public enum Isolation: Sendable {
    /// Files are inspected on threads of this process.
    case inProcess
    /// Files are inspected in worker processes, so that a decoder that crashes or hangs affects only its file.
    ///
    /// - Parameters:
    ///   - executable: The `reprise` program.
    ///   - timeout: The maximum time for one file.
    case workers(executable: FilePath, timeout: Duration = .seconds(600))
  }

  /// The options of a scan.
  public struct Options: Sendable {
    /// The depth of inspections.
    package var depth: Inspection.Depth
    /// The limits of the service.
    package var limits: AudioLimits
    /// Number of files that are inspected at once, at least 1; `nil` for one per core.
    package var width: Int?
    /// The processes that inspect files.
    package var isolation: Isolation
    /// Patterns (fnmatch(3)) of the only files below directories that are wanted; empty to want all.
    package var included: [String]
    /// Patterns of files and directories below directories that are left out; they take precedence.
    package var excluded: [String]

    /// Creates the options of a scan.
    ///
    /// - Parameters:
    ///   - depth: The depth of inspections.
    ///   - limits: The limits of the service.
    ///   - width: Number of files that are inspected at once; `nil` for one per core.
    ///   - isolation: The processes that inspect files.
    ///   - included: Patterns of the only files that are wanted.
    ///   - excluded: Patterns of files and directories that are left out.
    public init(
      depth: Inspection.Depth = .structure, limits: AudioLimits = AudioLimits(), width: Int? = nil,
      isolation: Isolation = .inProcess, included: [String] = [], excluded: [String] = []
    ) {
      self.depth = depth
      self.limits = limits
      self.width = width
      self.isolation = isolation
      self.included = included
      self.excluded = excluded
    }
  }

  /// A file of a library.
  public struct Element: Sendable {
    /// The path as it was named or found.
    public let path: FilePath
    /// The result of the file's inspection.
    public let inspection: Inspection
  }

  /// Files and directories.
  private let paths: [FilePath]
  private let options: Options

  /// Creates a scan of files, and of everything below directories.
  ///
  /// - Parameters:
  ///   - paths: Files and directories.
  ///   - options: The options of the scan.
  public init(_ paths: [FilePath], options: Options = Options()) {
    self.paths = paths
    self.options = options
  }

  /// Returns an iterator that begins to scan when its first element is requested.
  public func makeAsyncIterator() -> Iterator { Iterator(paths: paths, options: options) }

  /// An iterator over the files of a scan.
  ///
  /// Inspecting stops when the iterator is released.
  public struct Iterator: AsyncIteratorProtocol {
    private let paths: [FilePath]
    private let options: Options
    private var run: ScanRun?
    private var ready: ArraySlice<Element> = []
    private var isAtEnd = false

    fileprivate init(paths: [FilePath], options: Options) {
      self.paths = paths
      self.options = options
    }

    /// Returns the next file.
    ///
    /// - Returns: `nil` after the last file.
    /// - Throws: `ScanError` if the scan can't go on, with the code `cancelled` if the task was cancelled.
    public mutating func next() async throws(ScanError) -> Element? {
      if isAtEnd { return nil }
      guard !Task.isCancelled else {
        isAtEnd = true
        run = nil
        ready = []
        throw ScanError(.cancelled)
      }
      if let element = ready.popFirst() { return element }
      let run = self.run ?? ScanRun(paths: paths.map { RawPath($0) }, options: options)
      self.run = run
      do {
        guard let elements = try await run.next() else {
          isAtEnd = true
          return nil
        }
        ready = elements[...]
        return ready.popFirst()
      } catch {
        isAtEnd = true
        self.run = nil
        throw error
      }
    }
  }
}

/// The threads of a scan, or its workers, and the results that are ahead of the iterator.
private final class ScanRun: Sendable {
  private let results: ReorderBuffer<LibraryScan.Element>
  private let task: Task<Void, Never>

  init(paths: [RawPath], options: LibraryScan.Options) {
    let width = max(1, options.width ?? Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    // The distance by which inspections run ahead of the iterator.
    let results = ReorderBuffer<LibraryScan.Element>(
      overflow: nil, limits: .init(inMemory: .max, ahead: width * 4, waking: 1))
    self.results = results
    task = Task {
      do {
        try await Self.scan(paths, options, width: width, into: results)
      } catch {
        results.fail(error)
      }
    }
  }

  deinit { task.cancel() }

  /// Returns the next elements, at least one; `nil` after the last.
  func next() async throws(ScanError) -> [LibraryScan.Element]? {
    do {
      return try await offPool("scan.next") { [results] cancellation in
        try results.take { try cancellation.check() }
      }
    } catch let error as ScanError {
      throw error
    } catch is CancellationError {
      throw ScanError(.cancelled)
    } catch {
      throw ScanError(.temporaryDatabase(message: databaseMessage(error)), underlying: error)
    }
  }

  private static func scan(
    _ paths: [RawPath], _ options: LibraryScan.Options, width: Int, into results: ReorderBuffer<LibraryScan.Element>
  ) async throws {
    let queue = WorkQueue<CheckRequest>(capacity: width * 2)
    var checks = ScanOptions(limits: options.limits, depth: options.depth)
    checks.wantsInspection = true
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await offPool("scan.find") { cancellation in
          try find(paths, options, queue: queue, results: results) { try cancellation.check() }
        }
      }
      switch options.isolation {
      case .inProcess:
        for _ in 0..<width {
          group.addTask { [checks] in
            try await offPool("scan.inspect") { cancellation in
              while let request = try queue.take(check: { try cancellation.check() }) {
                let inspection = inspectRaw(request.path, options: checks, cancellation: cancellation)
                try cancellation.check()
                try results.put(LibraryScan.Element(request.path, inspection), at: request.position)
              }
            }
          }
        }
      case .workers(let executable, let timeout):
        let pool = try CheckWorker.pool(
          [executable.string, CheckWorker.commandName], options: checks, timeout: timeout, queue: queue
        ) { request, outcome in
          let inspection: Inspection? =
            switch outcome {
            case .success(let checked): InspectionTransport.decode(checked.response.inspection)
            case .failure(let loss): Inspection(failed: AudioFileError(path: request.path.text, loss.problem))
            }
          guard let inspection else { throw ScanError(.workerMalformed(program: executable.string)) }
          try results.put(LibraryScan.Element(request.path, inspection), at: request.position)
        }
        group.addTask { try await pool.run(width: width, thread: "scan.check") }
      }
      for try await _ in group {}
    }
  }

  private static func find(
    _ paths: [RawPath], _ options: LibraryScan.Options, queue: WorkQueue<CheckRequest>,
    results: ReorderBuffer<LibraryScan.Element>, check: () throws -> Void
  ) throws {
    let list = try PathList()
    try list.add(paths)
    var rules = DirectoryWalk.Rules()
    rules.included = options.included
    rules.excluded = options.excluded
    rules.followsLinks = true
    var inputs = ScanInputs(list, rules: rules, leftOut: [])
    var position = 0
    while let step = try inputs.next() {
      try check()
      try results.awaitRoom(for: position, check: check)
      switch step {
      case .special: continue
      case .unreadable(let error):
        try results.put(LibraryScan.Element(RawPath(error.path), Inspection(failed: error)), at: position)
      case .file(let path, _, _) where path.bytes.count > ScanFeed.longestPath:
        let error = FileError(errno: ENAMETOOLONG, path: path.text, doing: "read")
        try results.put(LibraryScan.Element(path, Inspection(failed: error)), at: position)
      case .file(let path, let stamp, let isNamed):
        try queue.add(
          CheckRequest(position: position, path: path, isNamed: isNamed, stamp: stamp, seen: 0), check: check)
      }
      position += 1
    }
    queue.close()
    results.end(after: position)
  }
}

extension LibraryScan.Element {
  /// Creates an element from a path of bytes.
  fileprivate init(_ path: RawPath, _ inspection: Inspection) {
    self.path = FilePath(path)
    self.inspection = inspection
  }
}

extension RawPath {
  /// Converts a `FilePath`.
  init(_ path: FilePath) {
    self.init(
      unsafe path.withPlatformString { text in
        unsafe Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
      })
  }
}

extension FilePath {
  /// Converts a `RawPath`; slashes at the end and doubled ones are dropped.
  init(_ path: RawPath) {
    self = unsafe path.withCString { unsafe FilePath(platformString: $0) }
  }
}
