/// An error of the ledger.
public struct LedgerError: Error, CustomStringConvertible {
  /// The kinds of error that callers distinguish.
  package enum Code: Sendable {
    /// The database cannot be opened or written.
    case unusable
    /// No job has that name.
    case noSuchJob
    /// A shortened name that fits several jobs.
    case severalJobs
    /// A job that the service has accepted could not be written down.
    case unwritten
  }

  /// The facts of the error.
  package indirect enum Problem: Sendable {
    /// The database at this path cannot be opened or written.
    case unusable(path: String, Fault)
    /// The database was made by a newer version of this program.
    case newerLedger(path: String)
    /// A job was written by a newer version of this program.
    case newerJob(String)
    /// A job has another id, or is in a state in which it cannot get one.
    case noOtherID(job: String, state: Job.State, id: String?)
    /// No job has the name.
    case noSuchJob(String, path: String)
    /// A shortened name fits several jobs.
    case severalJobs(String, fits: [String])
    /// A job that may be paid for could not be written down.
    case unwritten(job: String, service: String, id: String?, LedgerError)
  }

  /// The reason for which a database cannot be used.
  package struct Fault: Sendable {
    /// The kinds of reasons.
    package enum Kind: Sendable {
      /// The disk is full.
      case full
      /// The file is damaged, or is not a database.
      case corrupt
      /// Another process holds the database.
      case busy
      /// Another reason.
      case other
    }

    /// The kind of reason.
    package let kind: Kind
    /// The message of SQLite or the system.
    package let text: String
    /// The error that reports the reason.
    package let underlying: any Error

    init(_ kind: Kind, text: String, _ underlying: any Error) {
      (self.kind, self.text, self.underlying) = (kind, text, underlying)
    }
  }

  /// The facts of the error.
  package let problem: Problem

  /// Creates an error from its facts.
  ///
  /// - Parameter problem: The facts of the error.
  package init(_ problem: Problem) { self.problem = problem }

  /// The kind of error.
  package var code: Code {
    switch problem {
    case .unusable, .newerLedger, .newerJob, .noOtherID: .unusable
    case .noSuchJob: .noSuchJob
    case .severalJobs: .severalJobs
    case .unwritten: .unwritten
    }
  }

  /// The error that led to this one, if there is one.
  public var underlying: (any Error)? {
    switch problem {
    case .unusable(_, let fault): fault.underlying
    case .unwritten(_, _, _, let error): error
    case .newerLedger, .newerJob, .noOtherID, .noSuchJob, .severalJobs: nil
    }
  }

  /// The facts in a short phrase, without advice.
  public var description: String { phrase { "\($0)" } }

  /// Returns the facts in a phrase.
  ///
  /// - Parameter spell: A function that returns the text of an underlying error.
  /// - Returns: The phrase.
  package func phrase(_ spell: (any Error) -> String) -> String {
    switch problem {
    case .unusable(let path, let fault): "\(path): the job ledger can't be used (\(fault.text))"
    case .newerLedger(let path): "\(path): was written by a newer reprise; nothing was changed"
    case .newerJob(let job): "job \(job) was written by a newer reprise, and only that one may change it"
    case .noOtherID(let job, let state, let id):
      "job \(job) is \(state.rawValue)\(id.map { " and has the id '\($0)'" } ?? ""): no other id can be given to it"
    case .noSuchJob(let name, let path): "there is no job '\(name)' in \(path)"
    case .severalJobs(let name, let jobs):
      "'\(name)' fits \(jobs.count) jobs (\(jobs.joined(separator: ", ")))"
    case .unwritten(let job, let service, let id, let error):
      "job \(job) may be paid for and could not be written down: \(spell(error)); its id at \(service) is "
        + (id.map { "'\($0)'" } ?? "not known")
    }
  }
}
