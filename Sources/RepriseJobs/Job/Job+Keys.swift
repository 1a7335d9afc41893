internal import RepriseService

extension Job {
  /// The job as it may be put on the disk: no key is in what a service said, not even where it says the key back.
  ///
  /// In an id the key can be put back by whoever has it (`CoverClient.knownID`). A URL with a key in it is not kept: the
  /// service is asked for it again.
  var withoutKeys: Job {
    var job = self
    job.id = id.map(KeyRedaction.apply)
    job.message = message.map(KeyRedaction.apply)
    job.verdict = verdict.map(KeyRedaction.apply)
    if let resultURL, KeyRedaction.apply(to: resultURL) != resultURL { job.resultURL = nil }
    return job
  }
}
