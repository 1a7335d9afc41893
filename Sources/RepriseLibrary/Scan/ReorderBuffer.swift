#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A buffer that brings elements that come in any order into the order of their positions, counted from 0.
///
/// Early elements wait in memory, and if there are many (one file takes its minute while thousands are done), in a
/// temporary file that has no name.
package final class ReorderBuffer<Element: Sendable>: Sendable {
  /// The temporary storage of elements that do not fit in memory.
  package struct Overflow: Sendable {
    /// The directory of the temporary file.
    let directory: String
    /// Returns the bytes of an element.
    let encode: @Sendable (Element) -> [UInt8]
    /// Returns the element with these bytes.
    let decode: @Sendable (ArraySlice<UInt8>) -> Element?

    /// Creates an overflow from a directory, and the closures that encode and decode elements.
    package init(
      directory: String, encode: @escaping @Sendable (Element) -> [UInt8],
      decode: @escaping @Sendable (ArraySlice<UInt8>) -> Element?
    ) {
      self.directory = directory
      self.encode = encode
      self.decode = decode
    }
  }

  /// The limits of a buffer's memory and file, and the number of elements at which a waiting thread is woken.
  package struct Limits: Sendable {
    /// Maximum number of elements that wait in memory; further ones go to the file.
    let inMemory: Int
    /// Maximum distance of a position from the next one that is taken; each costs 64 bytes.
    let ahead: Int
    /// Number of elements in memory at which a waiting thread is woken to take them.
    ///
    /// A wake-up costs as much as a small file. The waiting thread also checks ten times a second.
    let waking: Int

    /// Creates limits, by default those of a scan.
    package init(inMemory: Int = 1024, ahead: Int = 200_000, waking: Int = 32) {
      self.inMemory = inMemory
      self.ahead = ahead
      self.waking = waking
    }
  }

  private enum Slot {
    case memory(Element)
    case file(offset: Int, count: Int)
  }

  private struct State {
    var slots: [Int: Slot] = [:]
    var inMemory = 0
    var next = 0
    var total: Int?
    var failure: (any Error)?
    var file: Int32 = -1
    var fileEnd = 0
    var inFile = 0
  }

  private let state = Monitor(State())
  private let limits: Limits
  private let overflow: Overflow?

  /// Creates an empty buffer.
  ///
  /// - Parameters:
  ///   - overflow: The temporary storage of elements that do not fit in memory; `nil` to keep all in memory.
  ///   - limits: The limits of memory and file.
  package init(overflow: Overflow?, limits: Limits = Limits()) {
    self.overflow = overflow
    self.limits = limits
  }

  deinit { state.withLock { if $0.file >= 0 { close($0.file) } } }

  /// The current number of elements in the temporary file.
  package var countInFile: Int { state.withLock { ($0.inFile, wakes: false) } }

  /// Waits until a position is not too far ahead of the next one that is taken.
  ///
  /// - Parameters:
  ///   - position: The position.
  ///   - check: A closure that is called ten times a second while waiting, and throws to stop.
  /// - Throws: The errors that `check` throws.
  package func awaitRoom(for position: Int, check: () throws -> Void) throws {
    try state.wait(check: check) { $0.next + limits.ahead > position ? () : nil }
  }

  /// Adds an element; never waits.
  ///
  /// - Throws: `ScanError` if the temporary file can't be written.
  package func put(_ element: Element, at position: Int) throws { try put([(position, element)]) }

  /// Adds several elements at once.
  ///
  /// - Throws: `ScanError` if the temporary file can't be written.
  package func put(_ elements: [(position: Int, element: Element)]) throws {
    try state.withLock { state in
      for (position, element) in elements { try put(element, at: position, &state) }
      // At the end the waiting thread needs all elements.
      let isWorthIt = state.inMemory >= limits.waking || state.total != nil
      return ((), wakes: isWorthIt && state.slots[state.next] != nil)
    }
  }

  private func put(_ element: Element, at position: Int, _ state: inout State) throws(ScanError) {
    if let overflow, position != state.next, state.inMemory >= limits.inMemory {
      state.slots[position] = try Self.write(overflow.encode(element), to: overflow.directory, &state)
      state.inFile += 1
    } else {
      state.slots[position] = .memory(element)
      state.inMemory += 1
    }
  }

  /// Sets the total number of elements.
  package func end(after total: Int) { state.withLock { $0.total = total } }

  /// Ends the buffer with an error, which is thrown to the thread that takes elements.
  package func fail(_ error: any Error) { state.withLock { if $0.failure == nil { $0.failure = error } } }

  /// Returns the next elements in order, at most 256, waiting until there is one.
  ///
  /// - Parameter check: A closure that is called ten times a second while waiting, and throws to stop.
  /// - Returns: `nil` after the last element.
  /// - Throws: The error given to ``fail(_:)``, `ScanError` if the temporary file can't be read, the errors that
  ///   `check` throws.
  package func take(check: () throws -> Void) throws -> [Element]? {
    try state.wait(check: check) { state -> [Element]?? in
      if let failure = state.failure { throw failure }
      var elements: [Element] = []
      while elements.count < 256, let slot = state.slots.removeValue(forKey: state.next) {
        state.next += 1
        switch slot {
        case .memory(let element):
          state.inMemory -= 1
          elements.append(element)
        case .file(let offset, let count):
          elements.append(try read(offset, count, state))
          state.inFile -= 1
          if state.inFile == 0 {
            // The file is written from its start again, so that its size does not grow with the library.
            state.fileEnd = 0
            ftruncate(state.file, 0)
          }
        }
      }
      if !elements.isEmpty { return elements }
      return state.total == state.next ? .some(nil) : nil
    }
  }

  private static func write(
    _ bytes: [UInt8], to directory: String, _ state: inout State
  ) throws(ScanError) -> Slot {
    if state.file < 0 {
      let name = directory + "/reprise-scan-" + String(UInt64.random(in: 0...(.max)), radix: 36)
      // A worker that is started at the same moment must not inherit the descriptor.
      state.file = unsafe open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      if state.file >= 0 { unsafe unlink(name) }
    }
    let written = unsafe bytes.withUnsafeBytes { bytes in
      unsafe pwrite(state.file, bytes.baseAddress, bytes.count, off_t(state.fileEnd))
    }
    guard written == bytes.count else { throw ScanError(.temporaryFileUnwritten(errno: errno), path: directory) }
    defer { state.fileEnd += bytes.count }
    return .file(offset: state.fileEnd, count: bytes.count)
  }

  private func read(_ offset: Int, _ count: Int, _ state: State) throws(ScanError) -> Element {
    var bytes = [UInt8](repeating: 0, count: count)
    let got = unsafe bytes.withUnsafeMutableBytes { unsafe pread(state.file, $0.baseAddress, count, off_t(offset)) }
    guard got == count, let element = overflow?.decode(bytes[...]) else { throw ScanError(.temporaryFileUnreadable) }
    return element
  }
}

extension ReorderBuffer where Element: WireValue {
  /// Creates an empty buffer whose elements may wait in a temporary file in a directory.
  convenience init(directory: String, limits: Limits = Limits()) {
    self.init(
      overflow: Overflow(directory: directory, encode: { $0.encoded }, decode: { Element(encoded: $0) }),
      limits: limits)
  }
}
