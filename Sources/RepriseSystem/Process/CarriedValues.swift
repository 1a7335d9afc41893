/// Task-local values that work takes along to a thread of its own, which tasks' values do not reach.
///
/// Whoever binds a task-local value for work that may leave its task says here how to bind it again; `offPool` does so on the
/// thread that it starts.
package struct CarriedValues: Sendable {
  /// Calls `work` with a task-local value bound.
  package typealias Binding = @Sendable (_ work: () -> Void) -> Void

  @TaskLocal private static var bindings: [Binding] = []

  private let bindings: [Binding]

  /// The values that the calling task or thread has.
  package static var current: CarriedValues { CarriedValues(bindings: bindings) }

  /// Calls `work` in such a way that the threads it starts bind a value again.
  ///
  /// - Parameter binding: binds the value around the work that it is given, which it calls once.
  /// - Returns: what `work` returns.
  /// - Throws: what `work` throws.
  package static func adding<Value>(
    _ binding: @escaping Binding, _ work: () async throws -> Value
  ) async rethrows -> Value {
    try await $bindings.withValue(bindings + [binding]) { try await work() }
  }

  /// Calls `work` with the values bound; for threads that did not come from `offPool`.
  ///
  /// - Returns: what `work` returns.
  package func bind<Value>(_ work: () -> Value) -> Value {
    guard !bindings.isEmpty else { return work() }
    var result: Value?
    Self.$bindings.withValue(bindings) { Self.call(bindings[...]) { result = work() } }
    guard let result else { preconditionFailure("a binding did not call its work") }
    return result
  }

  private static func call(_ bindings: ArraySlice<Binding>, _ work: () -> Void) {
    guard let binding = bindings.first else { return work() }
    binding { call(bindings.dropFirst(), work) }
  }
}
