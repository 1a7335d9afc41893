internal import Foundation
package import RepriseSystem

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The directory of the outputs, locked for one run during the value's lifetime.
///
/// Reprise's own files are in its subdirectory `.reprise`: the record, a lock, and `work`, which holds outputs until
/// they are complete.
package final class PreparedDirectory: Sendable {
  /// The path as it was named, without a slash at its end.
  package let path: String
  /// The path without links.
  package let real: [UInt8]
  /// The directory that workers write to.
  package let work: String
  private let lock: FileLock

  /// Locks the directory, making it if there is none; removes incomplete outputs of a killed run.
  ///
  /// - Throws: `FileError` if the directory can't be made, `ScanError` if another run uses it, or if an item of
  ///   `.reprise` has an unexpected type.
  package init(_ name: String) throws {
    var path = name
    while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
    try Directories.make(path, mode: 0o777)
    guard let real = VisitedDirectories.realPath(RawPath(path)) else {
      throw FileError(errno: errno, path: path, doing: "open")
    }
    let own = path + "/.reprise"
    try Self.makeStep(own)
    try Self.refuseLinks(in: own)
    guard let lock = try FileLock(ifFree: own + "/lock") else {
      throw ScanError(.directoryInUse, path: path)
    }
    self.path = path
    self.real = real
    self.lock = lock
    Self.empty(own + "/work")
    try Self.makeStep(own + "/work")
    work = try Directories.makePrivate(prefix: "run-", in: own + "/work")
  }

  deinit { clean() }

  /// Throws an error if an item of `.reprise` is a link, through which files elsewhere would be made or written.
  private static func refuseLinks(in own: String) throws(ScanError) {
    for name in ["lock"] + ["", "-wal", "-shm", "-journal"].map({ "prepared.sqlite" + $0 }) {
      let path = own + "/" + name
      var status = stat()
      guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG else { continue }
      throw ScanError(.noRegularFile, path: path)
    }
  }

  /// The path of the record.
  var record: String { path + "/.reprise/prepared.sqlite" }

  /// Returns the path of an output.
  package func path(of output: String) -> String { path + "/" + output }

  /// Returns `true` if a path leads to the directory or to an item in it.
  package func holds(_ path: RawPath) -> Bool {
    VisitedDirectories.realPath(path).map { VisitedDirectories.isPath($0, inside: real) } ?? false
  }

  /// Returns `true` if a path leads to a given directory or to an item in it.
  package static func holds(_ path: RawPath, in directory: String) -> Bool {
    guard let found = VisitedDirectories.realPath(path), let real = VisitedDirectories.realPath(RawPath(directory))
    else {
      return false
    }
    return VisitedDirectories.isPath(found, inside: real)
  }

  /// Returns `true` if a path is the manifest's, or that of one of Reprise's own files.
  package func isOwn(_ path: String) -> Bool {
    guard let parent = VisitedDirectories.realPath(RawPath(PathText.directory(of: path))) else { return false }
    let name = PreparedNames.key(PathText.name(of: path))
    if parent == real { return name == "manifest.csv" || name == ".reprise" }
    return VisitedDirectories.isPath(parent, inside: RawPath(real).appending(Array(".reprise".utf8)).bytes)
  }

  /// Returns `true` if this directory is in another.
  package func lies(in directory: RawPath) -> Bool {
    VisitedDirectories.realPath(directory).map { VisitedDirectories.isPath(real, inside: $0) } ?? false
  }

  /// Makes a directory below this one, and those above it that are missing; links are not followed, since they may lead
  /// out.
  ///
  /// - Throws: `FileError`; `ScanError` with the code `output` if the name is taken by another item.
  package func makeDirectory(_ directory: String) throws {
    var way = path
    for part in directory.split(separator: "/") {
      way += "/" + part
      try Self.makeStep(way)
    }
  }

  private static func makeStep(_ path: String) throws {
    if unsafe mkdir(path, 0o777) == 0 { return }
    let reason = errno
    var status = stat()
    guard reason == EEXIST, unsafe lstat(path, &status) == 0 else {
      throw FileError(errno: reason, path: path, doing: "create")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw ScanError(.noDirectory, path: path)
    }
  }

  /// Returns the stamp of an output's file; `nil` if the name is free.
  ///
  /// - Returns: `.some(nil)` for an item that is not a regular file, such as a link.
  package func stamp(of output: String) -> FileStamp?? {
    let path = self.path(of: output)
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return nil }
    guard status.st_mode & S_IFMT == S_IFREG else { return .some(nil) }
    return .some(FileStamp(at: RawPath(path)))
  }

  /// Gives a complete file its final name.
  ///
  /// - Throws: `FileError`, with `.exists` if the name is taken and may not be replaced; `ScanError` with the code
  ///   `output` if the output's directory can't be made, or is on another file system.
  package func name(_ staged: String, as output: String, replacing: Bool) throws {
    if output.utf8.contains(UInt8(ascii: "/")) { try makeDirectory(PathText.directory(of: output)) }
    let path = self.path(of: output)
    var isNamed = false
    if !replacing {
      // link(2) refuses a name that is taken where rename(2) would replace it.
      if unsafe link(staged, path) == 0 {
        unsafe unlink(staged)
        isNamed = true
      } else if ![EPERM, EOPNOTSUPP, ENOTSUP].contains(errno) {
        throw unnamed(path, errno, doing: "name")
      }
    }
    if !isNamed {
      guard unsafe rename(staged, path) == 0 else { throw unnamed(path, errno, doing: "rename to") }
    }
    let directory = unsafe open(PathText.directory(of: path), O_RDONLY | O_CLOEXEC)
    if directory >= 0 {
      fsync(directory)
      close(directory)
    }
  }

  private func unnamed(_ path: String, _ reason: Int32, doing: String) -> any Error {
    guard reason == EXDEV else { return FileError(errno: reason, path: path, doing: doing) }
    return ScanError(.otherFileSystem(staging: self.path + "/.reprise"), path: path)
  }

  /// Removes incomplete outputs.
  package func clean() { Self.empty(path + "/.reprise/work") }

  /// Removes the files that a worker that has ended left of an item.
  func discard(_ position: Int) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: work)) ?? []
    where name.hasPrefix("\(position).") || name.hasPrefix(".\(position).") {
      unsafe unlink(work + "/" + name)
    }
  }

  /// Empties a directory; repeats that once, since a worker of a run that was killed a moment ago may still be writing
  /// there.
  private static func empty(_ directory: String) {
    for _ in 0..<100 {
      try? FileManager.default.removeItem(atPath: directory)
      if FileKind(at: directory) == .nothing { return }
      usleep(10_000)
    }
  }
}
