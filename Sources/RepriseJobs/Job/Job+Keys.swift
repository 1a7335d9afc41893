internal import RepriseService

extension Job {
  /// The job as it may be stored: without the API key in any text of the service, even if the service echoes the key.
  ///
  /// A holder of the key can restore the key in an id (`CoverClient.knownID`). A URL that contains the key is not kept:
  /// the service is asked again for the URL.
  var withoutKeys: Job {
    var job = self
    job.id = id.map(KeyRedaction.apply)
    job.message = message.map(KeyRedaction.apply)
    job.verdict = verdict.map(KeyRedaction.apply)
    if let resultURL, KeyRedaction.apply(to: resultURL) != resultURL { job.resultURL = nil }
    return job
  }
}
