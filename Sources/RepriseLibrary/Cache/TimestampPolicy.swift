internal import Foundation
package import RepriseSystem

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The policy that decides if a file's stamp reveals every change of the file.
///
/// If the system sets `changed` itself, in nanoseconds, no program can undo it, and stamps alone suffice (see
/// docs/decisions/0012-validation.md). If not (FAT, much of what FUSE brings), the file's first and last 64 kB are
/// compared as well. In both cases a file that was changed a moment before it was examined is not kept at all: it may
/// have changed again within the same tick of the file system's clock.
package final class TimestampPolicy {
  private var devices: [Int64: Bool] = [:]
  private let decide: @Sendable (RawPath) -> Bool

  /// Creates a policy that trusts the system's description of a file system, unless `decide` decides for a path.
  package init(deciding decide: (@Sendable (RawPath) -> Bool)? = nil) {
    self.decide = decide ?? { Self.keepsChanges(at: $0) }
  }

  /// Returns the time in nanoseconds for which a file must have been unchanged before it was examined.
  package static func rest(isTrusted: Bool) -> Int64 { isTrusted ? 20_000_000 : 2_500_000_000 }

  /// Returns two facts about a stamp: if stamps of its file system reveal every change, and if the file had been
  /// unchanged for long enough.
  ///
  /// - Parameters:
  ///   - stamp: The file's stamp.
  ///   - path: The file.
  ///   - seen: Time at which the file was examined, in nanoseconds since 1970.
  /// - Returns: The two facts.
  func judge(_ stamp: FileStamp, at path: RawPath, seen: Int64) -> (isTrusted: Bool, isSettled: Bool) {
    let isTrusted = isTrusted(stamp, at: path)
    // A time that programs can set proves nothing, unless there is no other.
    let youngest = isTrusted ? stamp.changed : max(stamp.changed, stamp.modified)
    return (isTrusted, youngest < seen - Self.rest(isTrusted: isTrusted))
  }

  /// Returns `true` if stamps of the file's file system reveal every change.
  package func isTrusted(_ stamp: FileStamp, at path: RawPath) -> Bool {
    if let known = devices[stamp.device] { return known }
    let isTrusted = decide(path)
    devices[stamp.device] = isTrusted
    return isTrusted
  }

  private static func keepsChanges(at path: RawPath) -> Bool {
    #if os(Linux)
      guard let real = VisitedDirectories.realPath(path),
        let mounts = try? Data(contentsOf: URL(filePath: "/proc/self/mounts"))
      else {
        return false
      }
      let kinds: Set<String> = ["ext2", "ext3", "ext4", "xfs", "btrfs", "tmpfs", "overlay", "f2fs", "bcachefs", "zfs"]
      var best: (length: Int, kind: String) = (-1, "")
      for line in [UInt8](mounts).split(separator: UInt8(ascii: "\n")) {
        let fields = line.split(separator: UInt8(ascii: " "))
        guard fields.count > 2 else { continue }
        let point = unescaped(fields[1])
        // A later mount hides earlier ones at the same path.
        guard point.count >= best.length, point == [UInt8(ascii: "/")] || real.starts(with: point),
          real.count == point.count || point.count == 1 || real[point.count] == UInt8(ascii: "/")
        else { continue }
        best = (point.count, String(decoding: fields[2], as: UTF8.self))
      }
      return kinds.contains(best.kind)
    #else
      var status = statfs()
      guard unsafe path.withCString({ unsafe statfs($0, &status) }) == 0 else { return false }
      return unsafe withUnsafeBytes(of: status.f_fstypename) { unsafe $0.starts(with: Array("apfs\0".utf8)) }
    #endif
  }

  /// Decodes a path of the mount table, in which spaces and the like are a backslash and three octal digits.
  private static func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var rest = text
    while let byte = rest.popFirst() {
      let digits = rest.prefix(3)
      if byte == UInt8(ascii: "\\"), let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8) {
        result.append(value)
        rest = rest.dropFirst(3)
      } else {
        result.append(byte)
      }
    }
    return result
  }
}
