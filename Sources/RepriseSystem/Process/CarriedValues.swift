/// Task-local values that work carries to a thread of its own, where a task's values are not available.
///
/// Code that binds a task-local value for work that may leave its task registers here how to bind the value again;
/// `offPool` binds the values on the thread that it starts.
package struct CarriedValues: Sendable {
  /// Calls `work` with a task-local value bound.
  package typealias Binding = @Sendable (_ work: () -> Void) -> Void

  @TaskLocal private static var bindings: [Binding] = []

  private let bindings: [Binding]

  /// The values of the calling task or thread.
  package static var current: CarriedValues { CarriedValues(bindings: bindings) }

  /// Calls `work` in such a way that the threads it starts bind a value again.
  ///
  /// - Parameters:
  ///   - binding: A closure that binds the value around the work that it is given, and calls that work once.
  ///   - work: The work.
  /// - Returns: The result of `work`.
  /// - Throws: The error that `work` throws.
  package static func adding<Value>(
    _ binding: @escaping Binding, _ work: () async throws -> Value
  ) async rethrows -> Value {
    try await $bindings.withValue(bindings + [binding]) { try await work() }
  }

  /// Calls `work` with the values bound; for threads that `offPool` did not start.
  ///
  /// - Parameter work: The work.
  /// - Returns: The result of `work`.
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
