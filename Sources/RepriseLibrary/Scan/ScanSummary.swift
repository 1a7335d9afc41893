internal import RepriseAudio

/// What a scan found in all: `reprise.summary.v1`.
package struct ScanSummary: Sendable {
  /// The name and version of the record.
  package static let schema = "reprise.summary.v1"

  /// Files that were looked at, or should have been: `ready`, `preparable`, `rejected` and `other` together.
  package internal(set) var files = 0
  /// Of these, files that can be sent as they are.
  package internal(set) var ready = 0
  /// Files that fit once they are prepared.
  package internal(set) var preparable = 0
  /// Files that can't be made to fit.
  package internal(set) var rejected = 0
  /// Files come upon in folders that are neither named nor shaped like audio: they are counted, not judged.
  package internal(set) var other = 0
  /// Seconds of audio in all of them.
  package internal(set) var seconds = 0.0
  /// Bytes of all of them but the `other` ones.
  package internal(set) var bytes = 0
  /// Pipes, sockets and devices that were come upon and left alone.
  package internal(set) var special = 0
  /// Folders that could not be read.
  package internal(set) var unreadableFolders = 0
  /// Files that the cache knew: not part of the record, which is the same however often a scan was interrupted.
  package internal(set) var cached = 0
  /// Files that were named and are not there or can't be read.
  package internal(set) var missing = 0
  /// Files that the system failed to read.
  package internal(set) var failed = 0
  /// Groups of files with the same audio, and files in them.
  package internal(set) var duplicates = (groups: 0, files: 0)

  /// Groups of files with nearly the same audio, and files in them; nil where none were looked for.
  package internal(set) var nearDuplicates: (groups: Int, files: Int)?

  mutating func count(_ entry: ScanEntry) {
    let response = entry.response
    files += 1
    if entry.isCached { cached += 1 }
    guard !entry.isOther else {
      other += 1
      return
    }
    switch response.verdict {
    case .ready: ready += 1
    case .preparable: preparable += 1
    case .rejected: rejected += 1
    }
    // Lengths are whole frames; a sum of any such is exact enough, and the same, since it is always in this order.
    seconds.addClamped(response.seconds ?? 0)
    bytes.addClamped(response.bytes ?? 0)
    switch response.failure {
    case .missing, .isFolder, .notRegular, .notPermitted: if entry.isNamed { missing += 1 }
    case .io where !response.isLost, .diskFull: failed += 1
    default: break
    }
  }
}
