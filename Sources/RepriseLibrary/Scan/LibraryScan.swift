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
/// named, and pipes, sockets and devices are left alone. Each file is told once, whatever leads to it. A file or directory
/// that can't be read is an element whose inspection says so.
///
/// A few files are inspected ahead of the one that is asked for, no more: a scan of any library takes the same memory,
/// and inspecting stops when the iteration ends.
public struct LibraryScan: AsyncSequence, Sendable {
  /// Where files are inspected.
  public enum Isolation: Sendable {
    /// On threads of this process.
    case inProcess
    /// In worker processes, so that a decoder that crashes or hangs takes nothing with it but the file.
    ///
    /// - Parameters:
    ///   - executable: the `reprise` program.
    ///   - timeout: the longest that a file may take.
    case workers(executable: FilePath, timeout: Duration = .seconds(600))
  }

  /// How files are found and inspected.
  public struct Options: Sendable {
    /// How far inspections go.
    public var depth: Inspection.Depth
    /// What the service takes.
    public var limits: AudioLimits
    /// How many files are inspected at once, at least 1; `nil` for one a core.
    public var width: Int?
    /// Where files are inspected.
    public var isolation: Isolation
    /// Patterns (fnmatch(3)) of the only files below directories that are wanted; all if there are none.
    public var included: [String]
    /// Patterns of files and directories below directories that are left out; they win.
    public var excluded: [String]

    /// Options of a scan.
    ///
    /// - Parameters:
    ///   - depth: how far inspections go.
    ///   - limits: what the service takes.
    ///   - width: how many files are inspected at once; `nil` for one a core.
    ///   - isolation: where files are inspected.
    ///   - included: patterns of the only files that are wanted.
    ///   - excluded: patterns of files and directories that are left out.
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
    /// What was found.
    public let inspection: Inspection
  }

  /// Files and directories.
  private let paths: [FilePath]
  private let options: Options

  /// A scan of files, and of everything below directories.
  ///
  /// - Parameters:
  ///   - paths: files and directories.
  ///   - options: how files are found and inspected.
  public init(_ paths: [FilePath], options: Options = Options()) {
    self.paths = paths
    self.options = options
  }

  /// An iterator that begins to scan when its first element is asked for.
  public func makeAsyncIterator() -> Iterator { Iterator(paths: paths, options: options) }

  /// The iteration over a scan. When it goes, inspecting stops.
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

    /// The next file.
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

/// The threads of a scan, or its workers, and what they have found ahead of who iterates.
private final class ScanRun: Sendable {
  private let results: ReorderBuffer<LibraryScan.Element>
  private let task: Task<Void, Never>

  init(paths: [RawPath], options: LibraryScan.Options) {
    let width = max(1, options.width ?? Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    // As far as inspecting runs ahead of who iterates.
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

  /// The next elements, at least one; `nil` after the last.
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
    var rules = FolderWalk.Rules()
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
  /// A file at a path of bytes.
  fileprivate init(_ path: RawPath, _ inspection: Inspection) {
    self.path = FilePath(path)
    self.inspection = inspection
  }
}

extension RawPath {
  /// The same path.
  init(_ path: FilePath) {
    self.init(
      unsafe path.withPlatformString { text in
        unsafe Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
      })
  }
}

extension FilePath {
  /// The same path; slashes at the end and doubled ones are dropped.
  init(_ path: RawPath) {
    self = unsafe path.withCString { unsafe FilePath(platformString: $0) }
  }
}
