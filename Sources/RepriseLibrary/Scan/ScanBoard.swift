/// What the threads of a scan share: files that wait for a worker.
final class ScanBoard: Sendable {
  private struct State {
    var waiting: [CheckTask] = []
    var taken = 0
    var isClosed = false
    var count: Int { waiting.count - taken }
  }

  private let state = Monitor(State())
  private let room: Int

  /// - Parameter room: how many files may wait.
  init(room: Int) { self.room = room }

  /// Adds a file, waiting until there is room.
  func add(_ task: CheckTask, check: () throws -> Void) throws {
    let isAdded = state.withLock { state in
      let hasRoom = state.count < room
      // Drivers wait only for a board that is empty.
      if hasRoom { state.waiting.append(task) }
      return (hasRoom, wakes: hasRoom && state.count == 1)
    }
    if isAdded { return }
    // Once it is full, half of it is waited for: files come many at a time then.
    try state.wait(check: check) { state -> Void? in
      guard state.count <= room / 2 else { return nil }
      state.waiting.append(task)
      return ()
    }
  }

  /// Nothing more comes.
  func close() { state.withLock { $0.isClosed = true } }

  /// The next file, if there is one now.
  func take() -> CheckTask? {
    state.withLock { state in
      let task = Self.next(&state)
      return (task, wakes: task != nil && state.count == room / 2)
    }
  }

  /// The next file, when there is one; nil once none is left and nothing more comes.
  func take(check: () throws -> Void) throws -> CheckTask? {
    try state.wait(check: check) { state -> CheckTask?? in
      if let task = Self.next(&state) { return .some(task) }
      return state.isClosed ? .some(nil) : nil
    }
  }

  private static func next(_ state: inout State) -> CheckTask? {
    guard state.taken < state.waiting.count else { return nil }
    let task = state.waiting[state.taken]
    state.taken += 1
    if state.taken >= 64 {
      state.waiting.removeFirst(state.taken)
      state.taken = 0
    }
    return task
  }
}
