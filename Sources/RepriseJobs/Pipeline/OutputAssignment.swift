package import RepriseService
internal import RepriseSystem

/// Assigns output files to the orders of a run: first those named by the user, then for each other order the first name
/// that is available.
package struct OutputAssignment: Sendable {
  /// The ledger of the known jobs; `nil` if no job was ever begun.
  package let ledger: Ledger?
  /// The service whose limits apply.
  package let service: ServiceDescription
  /// A text that differs if the changes to the recording differ.
  package let changes: String
  /// `true` if orders whose file exists are skipped.
  package let skipsExisting: Bool

  /// Creates an assignment.
  ///
  /// - Parameters:
  ///   - ledger: The ledger of the known jobs.
  ///   - service: The service whose limits apply.
  ///   - changes: A text that differs if the changes to the recording differ.
  ///   - skipsExisting: `true` if orders whose file exists are skipped.
  package init(ledger: Ledger?, service: ServiceDescription, changes: String = "", skipsExisting: Bool = false) {
    self.ledger = ledger
    self.service = service
    self.changes = changes
    self.skipsExisting = skipsExisting
  }

  private static let mostTakes = 999

  /// Assigns an output file to every order.
  ///
  /// - Parameter orders: The orders of one run.
  /// - Returns: The orders with their outputs, their keys, and `isSkipped`.
  /// - Throws: `CoverPipelineError.sameOutput`, `.outputsTaken`; `LedgerError`, `DigestError`.
  package func assign(_ orders: [CoverOrder]) async throws -> [CoverOrder] {
    var orders = orders
    var taken: [String: CoverOrder] = [:]
    for index in orders.indices where !orders[index].isNamedHere {
      let name = Manifest.outputKey(orders[index].absoluteOutput)
      if let other = taken[name] { throw Self.collision(other, orders[index]) }
      if orders[index].batch != nil { orders[index].key = try key(of: orders[index]) }
      orders[index].isSkipped = skipsExisting && FileKind(at: orders[index].output) != .nothing
      taken[name] = orders[index]
    }
    for index in orders.indices where orders[index].isNamedHere {
      orders[index] = try await named(orders[index], taken)
      taken[Manifest.outputKey(orders[index].absoluteOutput)] = orders[index]
    }
    return orders
  }

  /// Returns an order with the name of the first take that is free, or that the order has had before.
  private func named(_ order: CoverOrder, _ taken: [String: CoverOrder]) async throws -> CoverOrder {
    var order = order
    for take in 1...Self.mostTakes {
      order.output = order.names?(take) ?? order.output
      order.key = try key(of: order)
      if let other = taken[Manifest.outputKey(order.absoluteOutput)] {
        // Another style of one recording may have the same first words; two recordings of one name are for the user to
        // separate.
        guard other.absoluteInput == order.absoluteInput else { throw Self.collision(other, order) }
        continue
      }
      let isThere = FileKind(at: order.output) != .nothing
      if skipsExisting, isThere {
        order.isSkipped = true
        return order
      }
      let found: OutputOccupation =
        if let ledger, let key = order.key {
          try await ledger.occupation(of: order.absoluteOutput, by: key)
        } else {
          isThere ? .file : .free
        }
      let decision = found.decision(
        again: order.again, mayReplace: order.replacing, isFree: service.usdPerCover == 0)
      if decision == .use { return order }
    }
    throw CoverPipelineError.outputsTaken(last: order.output, others: Self.mostTakes - 1)
  }

  private func key(of order: CoverOrder) throws -> String {
    var service = service
    // The local service has a different port each time.
    if service.name == ServiceDescription.localName { service.baseURL = service.name }
    return try Fingerprint.row(
      recording: order.absoluteInput, order.brief, output: order.absoluteOutput, changes: changes, at: service)
  }

  private static func collision(_ one: CoverOrder, _ other: CoverOrder) -> CoverPipelineError {
    .sameOutput(inputs: [one.input, other.input], output: other.output)
  }
}
