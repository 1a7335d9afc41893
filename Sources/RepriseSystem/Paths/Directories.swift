import Foundation

/// The directories of Reprise's own files, by the XDG base directory specification, or `~/Library` on macOS.
package enum Directories {
  /// Returns the directory of settings and the key: `$XDG_CONFIG_HOME/reprise`.
  package static func configuration(_ environment: [String: String] = Environment.current) -> String {
    directory("XDG_CONFIG_HOME", fallback: ".config", mac: "Library/Application Support", environment)
  }

  /// Returns the directory of the job ledger: `$XDG_STATE_HOME/reprise`.
  package static func state(_ environment: [String: String] = Environment.current) -> String {
    directory("XDG_STATE_HOME", fallback: ".local/state", mac: "Library/Application Support", environment)
  }

  /// Returns the directory of data that can be made again: `$XDG_CACHE_HOME/reprise`.
  package static func cache(_ environment: [String: String] = Environment.current) -> String {
    directory("XDG_CACHE_HOME", fallback: ".cache", mac: "Library/Caches", environment)
  }

  /// Returns the directory of the user's styles and models: `$XDG_DATA_HOME/reprise`.
  package static func data(_ environment: [String: String] = Environment.current) -> String {
    directory("XDG_DATA_HOME", fallback: ".local/share", mac: "Library/Application Support", environment)
  }

  /// Returns the directories of installed data in the order of the search: the user's own, that of the installation
  /// which `program` belongs to (`PREFIX/share/reprise` for `PREFIX/bin/reprise`), and the system's.
  ///
  /// - Parameters:
  ///   - program: Absolute path of the running program, without symbolic links; `nil` if unknown.
  ///   - environment: The environment variables.
  /// - Returns: Absolute paths of directories, which need not exist.
  package static func shared(program: String?, _ environment: [String: String] = Environment.current) -> [String] {
    let prefix = program.map { PathText.directory(of: PathText.directory(of: $0)) }
    let installed = [prefix, "/opt/homebrew", "/usr/local", "/usr"].compactMap { $0.map { $0 + "/share/reprise" } }
    return [data(environment)] + installed
  }

  private static func directory(
    _ variable: String, fallback: String, mac: String, _ environment: [String: String]
  ) -> String {
    // The XDG specification tells programs to ignore relative paths in these variables.
    if let set = environment[variable], set.hasPrefix("/") { return set + "/reprise" }
    let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory()
    #if os(macOS)
      return home + "/" + mac + "/reprise"
    #else
      return home + "/" + fallback + "/reprise"
    #endif
  }

  /// Makes a directory and those above it that are missing.
  ///
  /// - Parameters:
  ///   - path: The directory.
  ///   - mode: The permission bits of the directories that are made.
  /// - Throws: `FileError` naming the directory that can't be made.
  package static func make(_ path: String, mode: UInt32) throws(FileError) {
    if unsafe mkdir(path, mode_t(truncatingIfNeeded: mode)) == 0 { return }
    switch errno {
    case EEXIST where FileKind(at: path) == .directory: return
    case ENOENT where PathText.directory(of: path) != path:
      try make(PathText.directory(of: path), mode: mode)
      guard unsafe mkdir(path, mode_t(truncatingIfNeeded: mode)) == 0 || errno == EEXIST else {
        throw FileError(errno: errno, path: path, doing: "create")
      }
    default: throw FileError(errno: errno, path: path, doing: "create")
    }
  }

  /// Returns the directory for temporary files: `$TMPDIR`, or `/tmp` if that is unset or empty.
  package static func temporary(_ environment: [String: String] = Environment.current) -> String {
    environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
  }

  /// Makes a new private directory (mode 0700) whose name begins with `prefix`.
  ///
  /// - Throws: `FileError` with the parent's path if the directory can't be made there.
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
