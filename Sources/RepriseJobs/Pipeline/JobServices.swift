internal import RepriseLocalService
package import RepriseService

/// The services that jobs belong to, found again.
package struct JobServices: Sendable {
  let catalogue: ServiceCatalogue
  let key: @Sendable (ServiceDescription) throws -> APIKey?
  let width: Int?

  /// Creates a search in a catalogue.
  ///
  /// - Parameters:
  ///   - catalogue: The services that are known.
  ///   - width: How many jobs are gone on with at once; `nil` takes what each service allows.
  ///   - key: The key for a service; throws where it wants one and there is none.
  package init(
    catalogue: ServiceCatalogue, width: Int? = nil, key: @escaping @Sendable (ServiceDescription) throws -> APIKey?
  ) {
    self.catalogue = catalogue
    self.width = width
    self.key = key
  }

  /// How many jobs of a service are gone on with at once.
  func width(at service: ServiceDescription) -> Int { min(width ?? service.usualWidth, service.concurrency) }

  /// Jobs that one service has, in the order in which they first come.
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

  /// Calls `work` with a client of the service that jobs of one service belong to; the local service is started for its
  /// jobs.
  ///
  /// - Parameters:
  ///   - jobs: Jobs of one service, at least one.
  ///   - report: Told where the local service makes covers again.
  ///   - work: Given the client.
  /// - Throws: `ServiceError` for a service that can't be used, a key that is missing among the reasons; what the local
  ///   service and `work` throw.
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
    // What is only to be checked wants no service.
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
