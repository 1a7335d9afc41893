internal import RepriseLocalService
package import RepriseService

/// Finds the services of jobs.
package struct JobServices: Sendable {
  let catalogue: ServiceCatalogue
  let key: @Sendable (ServiceDescription) throws -> APIKey?
  let width: Int?

  /// Creates a search in a catalogue.
  ///
  /// - Parameters:
  ///   - catalogue: The known services.
  ///   - width: Maximum number of jobs resumed at once; `nil` for the number that each service allows.
  ///   - key: A function that returns the key for a service; throws if the service requires one and there is none.
  package init(
    catalogue: ServiceCatalogue, width: Int? = nil, key: @escaping @Sendable (ServiceDescription) throws -> APIKey?
  ) {
    self.catalogue = catalogue
    self.width = width
    self.key = key
  }

  /// Returns the number of jobs of a service resumed at once.
  func width(at service: ServiceDescription) -> Int { min(width ?? service.usualWidth, service.concurrency) }

  /// Returns the jobs grouped by service, in the order of first occurrence.
  package static func groups(of jobs: [Job]) -> [[Job]] {
    var groups: [(service: [String], jobs: [Job])] = []
    for job in jobs {
      let isOwn = job.service == ServiceDescription.localName
      let service = isOwn ? [job.service] : [job.service, job.baseURL]
      if let index = groups.firstIndex(where: { $0.service == service }) {
        groups[index].jobs.append(job)
      } else {
        groups.append((service, [job]))
      }
    }
    return groups.map(\.jobs)
  }

  /// Calls `work` with a client of the service of some jobs; the local service is started for its jobs.
  ///
  /// - Parameters:
  ///   - jobs: Jobs of one service, at least one.
  ///   - report: A function called if the local service makes covers again.
  ///   - work: A function called with the client.
  /// - Returns: The result of `work`.
  /// - Throws: `ServiceError` for a service that cannot be used, for example for lack of a key; errors of the local
  ///   service and of `work`.
  package func withClient<Value: Sendable>(
    for jobs: [Job], report: @escaping @Sendable (CoverEvent) -> Void,
    _ work: @escaping @Sendable (CoverClient) async throws -> Value
  ) async throws -> Value {
    let job = jobs[0]
    guard job.service == ServiceDescription.localName else {
      let service = try catalogue.service(named: job.service, baseURL: job.baseURL)
      return try await work(try CoverClient(service: service, key: try key(service)))
    }
    let rules = catalogue.local
    // A job that must only be checked requires no service.
    guard jobs.contains(where: { $0.state != .downloaded && $0.state != .verified }) else {
      return try await work(try CoverClient(service: rules, key: nil))
    }
    report(.remaking(jobs))
    return try await TransientLocalService.run(
      rules, concurrency: min(width(at: rules), jobs.count), onNotes: { report(.noted($0.texts)) }
    ) { service in
      try await work(try CoverClient(service: service, key: nil))
    }
  }
}
