import RepriseJobs
import RepriseVerification

/// The record `reprise.cover.v1`: the outcome of a cover, one for each of several covers.
struct CoverRecord: Encodable {
  let schema = "reprise.cover.v1"
  let path: String
  let output: String
  let state: String
  let job: String?
  let id: String?
  let service: String?
  let seconds: Double?
  let bytes: Int?
  let usd: Double?
  let credits: Double?
  let verification: Checked?
  let message: String?

  struct Checked: Encodable {
    let verdict: String
    let checks: [VerificationRecord.Check]
    /// The likeness to the recording; absent if they were not compared, or by an earlier run.
    let likeness: LikenessRecord?
    /// The reason why they were not compared.
    let reason: String?
  }

  /// Creates the record of a finished and verified cover.
  init(_ job: Job, _ report: VerificationReport, output: String, path: String) {
    self.init(path: path, output: output, job: job, report: report, state: job.state.rawValue, message: nil)
  }

  /// Creates the record of one of several covers.
  init(_ order: CoverOrder, _ outcome: CoverBatch.Outcome) {
    var found: Job?
    var report: VerificationReport?
    var text: String?
    var word = "not-begun"
    var output = order.output
    switch outcome {
    case .finished(let finished):
      found = finished.job
      report = finished.report
      text = FinishedCoverText.remark(finished)
      output = finished.nameBeside ?? output
    case .skipped: word = "skipped"
    case .submitted(let submitted):
      found = submitted.job
      guard submitted.origin == .submittedBefore else { break }
      text = FinishedCoverText.submission(submitted, output: order.absoluteOutput)
      if submitted.job.output != order.absoluteOutput { output = submitted.job.output }
    case .notBegun(let closure): text = CoverPipelineText.reason(closure)
    case .failed(let error, let job):
      found = job
      text = ShownBatch.message(error, for: order)
      word = "failed"
    }
    self.init(
      path: order.shown, output: output, job: found, report: report, state: found?.state.rawValue ?? word,
      message: text)
  }

  /// Creates the record of an order whose output already exists.
  init(skipped order: CoverOrder) { self.init(order, .skipped) }

  private init(
    path: String, output: String, job: Job?, report: VerificationReport?, state: String, message: String?
  ) {
    self.path = path
    self.output = output
    self.state = state
    self.job = job?.job
    id = job?.id
    service = job?.service
    seconds = report?.seconds
    bytes = job?.bytes
    usd = job?.reportedCharge?.usd
    credits = job?.credits
    self.message = message
    let verdict = report?.verdict.rawValue ?? job?.verdict
    let checks = report?.checks.map(VerificationRecord.Check.init) ?? []
    verification = verdict.map {
      Checked(
        verdict: $0, checks: checks, likeness: report?.comparison.likeness.map(LikenessRecord.init),
        reason: report?.comparison.obstacle.map(LikenessText.reason))
    }
  }
}
