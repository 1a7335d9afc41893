#if canImport(Glibc)
  import Glibc
#else
  import Darwin
  import Foundation
#endif

/// Programs by their names.
package enum Executable {
  /// Absolute path of the running program, without symbolic links; `nil` if the system does not tell.
  package static let own: String? = {
    #if os(Linux)
      let path = "/proc/self/exe"
    #else
      guard let path = Bundle.main.executablePath else { return nil }
    #endif
    guard let resolved = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }()

  /// Returns the path of a program in the directories of `PATH`; `nil` if there is none.
  ///
  /// Directories that are not absolute are left out: the current directory may hold anything.
  ///
  /// - Parameter name: The name of the program, without a slash.
  /// - Returns: The path.
  package static func path(of name: String) -> String? {
    guard !name.isEmpty, !name.utf8.contains(UInt8(ascii: "/")) else { return nil }
    for directory in (Environment.current["PATH"] ?? "").split(separator: ":") where directory.hasPrefix("/") {
      let path = "\(directory)/\(name)"
      if FileKind(at: path) == .file, unsafe access(path, X_OK) == 0 { return path }
    }
    return nil
  }
}
