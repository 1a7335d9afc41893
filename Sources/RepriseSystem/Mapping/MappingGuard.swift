import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A SIGBUS handler that keeps a process alive that reads mapped bytes its file has lost: a page of zeros replaces
/// them.
///
/// A signal outside these mappings is passed to the previous action.
///
/// Unchecked, because the table is written under the lock but read by a signal handler, which may not wait for one.
@safe final class MappingGuard: @unchecked Sendable {
  static let shared = MappingGuard()

  /// The index of one mapping in the table.
  struct Slot { fileprivate let index: Int }

  /// The data that the handler reads: plain words, which a signal handler may.
  private struct Entry {
    var start: UInt
    var end: UInt
    var isCut: Bool
    var isTaken: Bool
  }

  private static let most = 1024
  private let table: UnsafeMutablePointer<Entry>
  private let lock = Mutex(())
  private let previous: UnsafeMutablePointer<sigaction>

  private init() {
    unsafe table = .allocate(capacity: Self.most)
    unsafe table.initialize(repeating: Entry(start: 0, end: 0, isCut: false, isTaken: false), count: Self.most)
    unsafe previous = .allocate(capacity: 1)
    unsafe previous.initialize(to: sigaction())
    var action = sigaction()
    let handler: @convention(c) (CInt, UnsafeMutablePointer<siginfo_t>?, UnsafeMutableRawPointer?) -> Void = {
      _, information, _ in
      guard let information = unsafe information else { return }
      #if canImport(Glibc)
        let address = unsafe information.pointee._sifields._sigfault.si_addr
      #else
        let address = unsafe information.pointee.si_addr
      #endif
      if !MappingGuard.shared.patch(UInt(bitPattern: address)) {
        // The access is repeated when the handler returns, and then has the previous action's effect.
        unsafe sigaction(SIGBUS, MappingGuard.shared.previous, nil)
      }
    }
    #if canImport(Glibc)
      unsafe action.__sigaction_handler.sa_sigaction = handler
    #else
      unsafe action.__sigaction_u.__sa_sigaction = handler
    #endif
    action.sa_flags = SA_SIGINFO
    unsafe sigaction(SIGBUS, &action, previous)
  }

  /// Adds a mapping to the table; returns `nil` if the table is full.
  func add(_ start: UnsafeRawPointer, _ count: Int) -> Slot? {
    lock.withLock { _ in
      for index in 0..<Self.most where unsafe !table[index].isTaken {
        let first = UInt(bitPattern: start)
        unsafe table[index] = Entry(start: first, end: 0, isCut: false, isTaken: true)
        // The handler may read at any time: an entry that is only half written must contain no address.
        atomicMemoryFence(ordering: .releasing)
        unsafe table[index].end = first + UInt(count)
        return Slot(index: index)
      }
      return nil
    }
  }

  func remove(_ slot: Slot) {
    lock.withLock { _ in
      unsafe table[slot.index].end = 0
      atomicMemoryFence(ordering: .releasing)
      unsafe table[slot.index] = Entry(start: 0, end: 0, isCut: false, isTaken: false)
    }
  }

  func isCut(_ slot: Slot) -> Bool { unsafe table[slot.index].isCut }

  /// Replaces a page by zeros; called by the signal handler, so nothing here may allocate or lock.
  private func patch(_ address: UInt) -> Bool {
    var index = 0
    while index < Self.most {
      if unsafe table[index].start <= address, unsafe address < table[index].end {
        let page = UInt(getpagesize())
        let target = unsafe UnsafeMutableRawPointer(bitPattern: address / page * page)
        let made = unsafe mmap(target, Int(page), PROT_READ, MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS, -1, 0)
        guard unsafe made != MAP_FAILED else { return false }
        unsafe table[index].isCut = true
        return true
      }
      index += 1
    }
    return false
  }
}
