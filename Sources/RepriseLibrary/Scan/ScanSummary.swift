internal import RepriseAudio

/// The totals of a scan: `reprise.summary.v1`.
package struct ScanSummary: Sendable {
  /// The name and version of the record.
  package static let schema = "reprise.summary.v1"

  /// Number of files that were examined, or should have been: `ready`, `preparable`, `rejected` and `other` together.
  package internal(set) var files = 0
  /// Number of files that can be sent unchanged.
  package internal(set) var ready = 0
  /// Number of files that fit once they are prepared.
  package internal(set) var preparable = 0
  /// Number of files that can't be made to fit.
  package internal(set) var rejected = 0
  /// Number of files found in directories that are neither named nor shaped like audio: they are counted, not judged.
  package internal(set) var other = 0
  /// Length of audio in all files, in seconds.
  package internal(set) var seconds = 0.0
  /// Size of all files but the `other` ones, in bytes.
  package internal(set) var bytes = 0
  /// Number of pipes, sockets and devices that were found and not opened.
  package internal(set) var special = 0
  /// Number of directories that could not be read.
  package internal(set) var unreadableDirectories = 0
  /// Number of files whose verdict rests on a skim: their ends and a few probes.
  package internal(set) var skimmed = 0
  /// Number of files that were in the cache, which is not part of the record, since the record is the same however
  /// often a scan was interrupted.
  package internal(set) var cached = 0
  /// Number of files that were named and do not exist or can't be read.
  package internal(set) var missing = 0
  /// Number of files that the system failed to read.
  package internal(set) var failed = 0
  /// Number of groups of files with the same audio, and of files in them.
  package internal(set) var duplicates = (groups: 0, files: 0)

  /// Number of groups of files with nearly the same audio, and of files in them; `nil` if those were not searched for.
  package internal(set) var nearDuplicates: (groups: Int, files: Int)?

  mutating func count(_ entry: ScanEntry) {
    let response = entry.response
    files += 1
    if entry.isCached { cached += 1 }
    guard !entry.isOther else {
      other += 1
      return
    }
    if response.isSkimmed { skimmed += 1 }
    switch response.verdict {
    case .ready: ready += 1
    case .preparable: preparable += 1
    case .rejected: rejected += 1
    }
    // Lengths are whole frames, so sums are exact enough; they are reproducible, since the order is always the same.
    seconds.addClamped(response.seconds ?? 0)
    bytes.addClamped(response.bytes ?? 0)
    switch response.failure {
    case .missing, .isDirectory, .notRegular, .notPermitted: if entry.isNamed { missing += 1 }
    case .io where !response.isLost, .diskFull: failed += 1
    default: break
    }
  }
}
