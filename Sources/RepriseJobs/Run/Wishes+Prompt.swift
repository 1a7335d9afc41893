internal import RepriseEngine
package import RepriseVerification

extension Wishes {
  /// Creates the requests of a prompt that can be checked in a cover.
  package init(prompt: String) {
    let read = CheckableRequests(prompt: prompt)
    self.init(seconds: read.seconds, isInstrumental: read.isInstrumental)
    tempo = read.beatsPerMinute.map { .beatsPerMinute($0) } ?? read.isFaster.map { $0 ? .faster : .slower }
    key = read.key.map { .tonic($0.tonic, isMinor: $0.isMinor) } ?? read.transposition.map { .transposition($0) }
  }
}
