import RepriseService
import RepriseJobs

/// The services that jobs belong to, found again.
struct JobServices: Sendable {
  let jobs: [Job]
  let keys: KeyOptions
  let speech: OutputOptions
  /// How many jobs are gone on with at once; nil takes what each service allows.
  var width: Int?

  /// Calls `work` for the jobs of each service, one service after the other; our own is started for its jobs.
  ///
  /// - Parameter onTrouble: what to do with the jobs of a service that can't be used, a key that is missing among the reasons;
  ///   rethrows unless given.
  func each(
    _ work: @escaping @Sendable ([Job], ServiceDescription, APIKey?) async throws -> Void,
    onTrouble: ([Job], any Error) throws -> Void = { throw $1 }
  ) async throws {
    let catalogue = try ServiceCatalogue.load()
    // In the order in which they first come.
    var groups: [(place: [String], jobs: [Job])] = []
    for job in jobs {
      let isOwn = job.service == ServiceDescription.localName
      let place = isOwn ? [job.service] : [job.service, job.baseURL]
      if let index = groups.firstIndex(where: { $0.place == place }) {
        groups[index].jobs.append(job)
      } else {
        groups.append((place, [job]))
      }
    }
    for group in groups {
      do {
        if group.jobs[0].service == ServiceDescription.localName {
          try await own(group.jobs, catalogue, work)
        } else {
          let job = group.jobs[0]
          let service = try catalogue.service(named: job.service, baseURL: job.baseURL)
          try await work(group.jobs, service, try keys.key(for: service))
        }
      } catch let error as Trouble where error.status == .inputOutput {
        // stdout takes no more: that is not about these jobs.
        throw error
      } catch let error where !(error is CancellationError) {
        try onTrouble(group.jobs, error)
      }
    }
  }

  private func own(
    _ jobs: [Job], _ catalogue: ServiceCatalogue,
    _ work: @escaping @Sendable ([Job], ServiceDescription, APIKey?) async throws -> Void
  ) async throws {
    let rules = catalogue.local
    // What is only to be checked wants no service.
    guard jobs.contains(where: { $0.state != .downloaded && $0.state != .verified }) else {
      return try await work(jobs, rules, nil)
    }
    speech.say("made again here, by the local service: the one before ended with its command, and nothing was paid")
    let concurrency = min(width ?? ManyOptions.usualWidth(at: rules), rules.concurrency, jobs.count)
    try await LocalCover.withService(rules, concurrency: concurrency, onNotes: { _ in }) { service in
      try await work(jobs, service, nil)
    }
  }
}
