/// A bounded queue between the thread that finds work and those that do it.
package final class WorkQueue<Element: Sendable>: Sendable {
  private struct State {
    var waiting: [Element] = []
    var taken = 0
    var isClosed = false
    var count: Int { waiting.count - taken }
  }

  private let state = Monitor(State())
  private let capacity: Int

  /// Creates an empty queue.
  ///
  /// - Parameter capacity: The maximum number of waiting elements, at least 1.
  package init(capacity: Int) { self.capacity = max(1, capacity) }

  /// Adds an element, waiting until there is room.
  ///
  /// - Parameters:
  ///   - element: The element.
  ///   - check: A closure that is called ten times a second while waiting, and throws to stop.
  /// - Throws: The errors that `check` throws.
  package func add(_ element: Element, check: () throws -> Void) throws {
    let isAdded = state.withLock { state in
      let hasRoom = state.count < capacity
      // Takers wait only for a queue that is empty.
      if hasRoom { state.waiting.append(element) }
      return (hasRoom, wakes: hasRoom && state.count == 1)
    }
    if isAdded { return }
    // Once the queue is full, wait until half of it is free, so that many elements are added at a time.
    try state.wait(check: check) { state -> Void? in
      guard state.count <= capacity / 2 else { return nil }
      state.waiting.append(element)
      return ()
    }
  }

  /// Closes the queue: takers see its end once it is empty.
  package func close() { state.withLock { $0.isClosed = true } }

  /// Returns the next element, if there is one now.
  package func take() -> Element? {
    state.withLock { state in
      let element = Self.next(&state)
      return (element, wakes: element != nil && state.count == capacity / 2)
    }
  }

  /// Returns the next element, waiting until there is one.
  ///
  /// - Parameter check: A closure that is called ten times a second while waiting, and throws to stop.
  /// - Returns: `nil` once the queue is closed and empty.
  /// - Throws: The errors that `check` throws.
  package func take(check: () throws -> Void) throws -> Element? {
    try state.wait(check: check) { state -> Element?? in
      if let element = Self.next(&state) { return .some(element) }
      return state.isClosed ? .some(nil) : nil
    }
  }

  private static func next(_ state: inout State) -> Element? {
    guard state.taken < state.waiting.count else { return nil }
    let element = state.waiting[state.taken]
    state.taken += 1
    if state.taken >= 64 {
      state.waiting.removeFirst(state.taken)
      state.taken = 0
    }
    return element
  }
}
