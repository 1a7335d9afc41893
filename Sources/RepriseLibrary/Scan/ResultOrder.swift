internal import RepriseSystem

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Brings results into the order of their places. Those that came before their turn wait in memory, and where they are
/// many (a file takes its minute while thousands are done) in a file that has no name.
final class ResultOrder: Sendable {
  private enum Place {
    case memory(CheckResult)
    case disk(offset: Int, count: Int)
  }

  private struct State {
    var places: [Int: Place] = [:]
    var inMemory = 0
    var next = 0
    var total: Int?
    var file: Int32 = -1
    var fileEnd = 0
    var onDisk = 0
  }

  /// So many results wait before somebody is woken to take them.
  private static let wakingCount = 32
  /// In memory wait so many.
  private static let mostInMemory = 1024
  /// In all so many: what a place costs then is 64 bytes.
  private static let most = 200_000
  private let state = Monitor(State())
  private let folder: String

  /// - Parameter folder: for the file, if there must be one.
  init(folder: String) { self.folder = folder }

  deinit { state.withLock { if $0.file >= 0 { close($0.file) } } }

  /// Waits until a place is not too far from the next one's turn.
  func awaitRoom(for place: Int, check: () throws -> Void) throws {
    try state.wait(check: check) { $0.next + Self.most > place ? () : nil }
  }

  /// Takes a result; nobody waits.
  func put(_ result: CheckResult, at place: Int) throws { try put([(place, result)]) }

  /// Takes several results at once.
  func put(_ results: [(place: Int, result: CheckResult)]) throws {
    try state.withLock { state in
      for (place, result) in results { try Self.put(result, at: place, &state, folder) }
      // Who takes them looks ten times a second without being woken, and at the end all are waited for.
      let isWorthIt = state.inMemory >= Self.wakingCount || state.total != nil
      return ((), wakes: isWorthIt && state.places[state.next] != nil)
    }
  }

  private static func put(_ result: CheckResult, at place: Int, _ state: inout State, _ folder: String) throws {
    if place == state.next || state.inMemory < mostInMemory {
      state.places[place] = .memory(result)
      state.inMemory += 1
    } else {
      state.places[place] = try write(result.encoded, &state, folder)
      state.onDisk += 1
    }
  }

  /// How many there will be.
  func end(after total: Int) { state.withLock { $0.total = total } }

  /// The next results in order, a few at a time; nil after the last.
  func take(check: () throws -> Void) throws -> [CheckResult]? {
    try state.wait(check: check) { state -> [CheckResult]?? in
      var results: [CheckResult] = []
      while results.count < 256, let place = state.places.removeValue(forKey: state.next) {
        state.next += 1
        switch place {
        case .memory(let result):
          state.inMemory -= 1
          results.append(result)
        case .disk(let offset, let count):
          results.append(try Self.read(offset, count, state))
          state.onDisk -= 1
          if state.onDisk == 0 {
            // Written from the start again; what the disk has to hold does not grow with the library.
            state.fileEnd = 0
            ftruncate(state.file, 0)
          }
        }
      }
      if !results.isEmpty { return results }
      return state.total == state.next ? .some(nil) : nil
    }
  }

  private static func write(_ bytes: [UInt8], _ state: inout State, _ folder: String) throws(ScanError) -> Place {
    if state.file < 0 {
      let name = folder + "/reprise-scan-" + String(UInt64.random(in: 0...(.max)), radix: 36)
      // No worker that is started at the same moment is to hold it.
      state.file = unsafe open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      if state.file >= 0 { unsafe unlink(name) }
    }
    let written = unsafe bytes.withUnsafeBytes { bytes in
      unsafe pwrite(state.file, bytes.baseAddress, bytes.count, off_t(state.fileEnd))
    }
    guard written == bytes.count else {
      throw ScanError(
        .noRoom,
        "\(folder): results that wait for their turn could not be written (\(unsafe String(cString: strerror(errno))));"
          + " free some space or set TMPDIR")
    }
    defer { state.fileEnd += bytes.count }
    return .disk(offset: state.fileEnd, count: bytes.count)
  }

  private static func read(_ offset: Int, _ count: Int, _ state: State) throws(ScanError) -> CheckResult {
    var bytes = [UInt8](repeating: 0, count: count)
    let got = unsafe bytes.withUnsafeMutableBytes { unsafe pread(state.file, $0.baseAddress, count, off_t(offset)) }
    guard got == count, let result = CheckResult(bytes[...]) else {
      throw ScanError(.noRoom, "results that waited for their turn could not be read again; is the disk well?")
    }
    return result
  }
}
