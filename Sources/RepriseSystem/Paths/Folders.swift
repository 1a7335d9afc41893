import Foundation

/// Where Reprise keeps things of its own, by the XDG base directory specification, or `~/Library` on macOS.
package enum Folders {
  /// Settings and the key: `$XDG_CONFIG_HOME/reprise`.
  package static func configuration(_ environment: [String: String] = Environment.current) -> String {
    folder("XDG_CONFIG_HOME", fallback: ".config", mac: "Library/Application Support", environment)
  }

  /// The job ledger: `$XDG_STATE_HOME/reprise`.
  package static func state(_ environment: [String: String] = Environment.current) -> String {
    folder("XDG_STATE_HOME", fallback: ".local/state", mac: "Library/Application Support", environment)
  }

  /// What can be made again: `$XDG_CACHE_HOME/reprise`.
  package static func cache(_ environment: [String: String] = Environment.current) -> String {
    folder("XDG_CACHE_HOME", fallback: ".cache", mac: "Library/Caches", environment)
  }

  private static func folder(
    _ variable: String, fallback: String, mac: String, _ environment: [String: String]
  ) -> String {
    // The specification tells programs to ignore relative paths there.
    if let set = environment[variable], set.hasPrefix("/") { return set + "/reprise" }
    let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory()
    #if os(macOS)
      return home + "/" + mac + "/reprise"
    #else
      return home + "/" + fallback + "/reprise"
    #endif
  }

  /// Makes a folder and those above it that are missing.
  ///
  /// - Parameter mode: the permission bits of the folders that are made.
  /// - Throws: `FileError` naming the folder that can't be made.
  package static func make(_ path: String, mode: UInt32) throws(FileError) {
    if unsafe mkdir(path, mode_t(truncatingIfNeeded: mode)) == 0 { return }
    switch errno {
    case EEXIST where FileKind(at: path) == .folder: return
    case ENOENT where PathText.folder(of: path) != path:
      try make(PathText.folder(of: path), mode: mode)
      guard unsafe mkdir(path, mode_t(truncatingIfNeeded: mode)) == 0 || errno == EEXIST else {
        throw FileError(errno: errno, path: path, doing: "create")
      }
    default: throw FileError(errno: errno, path: path, doing: "create")
    }
  }

  /// The folder for temporary files: `$TMPDIR`, or `/tmp` where that is unset or empty.
  package static func temporary(_ environment: [String: String] = Environment.current) -> String {
    environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
  }

  /// Makes a new folder of its owner's alone (mode 0700), its name beginning with `prefix`.
  ///
  /// - Throws: `FileError` with the parent's path if it can't be made there.
  package static func makePrivate(prefix: String, in parent: String) throws(FileError) -> String {
    var bytes = Array((parent + "/" + prefix + "XXXXXX").utf8CString)
    let made = unsafe bytes.withUnsafeMutableBufferPointer { buffer -> Bool in
      guard let start = buffer.baseAddress else { return false }
      return unsafe mkdtemp(start) != nil
    }
    guard made else { throw FileError(errno: errno, path: parent, doing: "create") }
    return String(decoding: bytes.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
