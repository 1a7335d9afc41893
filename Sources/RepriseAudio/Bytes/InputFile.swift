import Foundation
import RepriseSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A regular file opened for reading, by descriptor, so that every reader sees the same bytes even if it is renamed.
package final class InputFile: Sendable {
  private let file: OwnedFile
  private let meter: ReadMeter?
  /// Size in bytes when the file was opened.
  package let byteCount: Int

  /// Opens a regular file; a file that could block (pipe, device, socket) is rejected before it is opened.
  package convenience init(path: String) throws(AudioFileError) { try self.init(path: path, meter: nil) }

  /// Opens a regular file of which only as many bytes are read as a meter allows; it must not be mapped.
  init(path: String, meter: ReadMeter?) throws(AudioFileError) {
    let opened = try InputFile.open(path)
    byteCount = try InputFile.size(of: opened)
    file = opened
    self.meter = meter
  }

  /// Takes over a regular file that is open for reading.
  init(_ file: consuming OwnedFile) throws(AudioFileError) {
    byteCount = try InputFile.size(of: file)
    self.file = file
    meter = nil
  }

  /// Descriptor, which is open as long as this instance lives.
  package var descriptor: CInt { file.descriptor }

  /// Path as it was given.
  package var path: String { file.path }

  /// Name that leads to the file as long as this instance lives.
  package var alias: String { file.alias }

  /// Unowned reference to the file for C callbacks, which must not outlive this instance.
  var borrowed: BorrowedFile { file.borrowed }

  /// `true` if the file has become shorter since it was opened, which a mapping does not reveal within the last page.
  var hasShrunk: Bool { (try? file.status().byteCount).map { $0 < byteCount } ?? true }

  /// Number of bytes that may still be read in all.
  var allowance: Int { meter?.left ?? .max }

  /// Returns up to `count` bytes from `offset`; fewer only at the end of the file.
  ///
  /// - Throws: `AudioFileError` `io`; with the problem `beyondSkim` if the meter does not allow as many bytes.
  package func bytes(at offset: Int, count: Int) throws(AudioFileError) -> [UInt8] {
    guard offset >= 0, count > 0, offset < byteCount else { return [] }
    let count = min(count, byteCount - offset)
    if let meter, !meter.take(count) { throw AudioFileError(path: file.path, .beyondSkim(bytes: meter.limit)) }
    do { return try file.bytes(at: offset, count: count) } catch {
      throw AudioFileError(error)
    }
  }

  private static func size(of file: borrowing OwnedFile) throws(AudioFileError) -> Int {
    do { return try file.status().byteCount } catch { throw AudioFileError(error) }
  }

  private static func open(_ path: String) throws(AudioFileError) -> OwnedFile {
    guard !path.isEmpty else { throw AudioFileError(path: path, .emptyPath) }
    guard !path.utf8.contains(0) else {
      throw AudioFileError(path: path, .zeroByteInPath)
    }
    if let problem = StandIns.problem(for: path) { throw AudioFileError(path: path, .notFetched(problem)) }
    let name = try regularName(path)
    // A pipe that has replaced the file since is rejected as well, without blocking.
    do { return try OwnedFile(reading: name, path: path) } catch { throw AudioFileError(error) }
  }

  /// Returns the bytes of the name of a regular file, terminated by a zero byte.
  private static func regularName(_ path: String) throws(AudioFileError) -> [CChar] {
    var name = Array(StandIns.path(for: path).utf8CString)
    let kind: FileStatus.Kind
    do throws(FileError) {
      kind = try InputFile.kind(of: &name, path)
    } catch {
      throw AudioFileError(error)
    }
    let special: AudioFileProblem.SpecialFile
    switch kind {
    case .regular: return name
    case .directory: throw AudioFileError(FileError(.isDirectory, path: path))
    case .pipe: special = .namedPipe
    case .socket: special = .socket
    case .device: special = .device
    case .other: special = .other
    }
    throw AudioFileError(path: path, .special(special))
  }

  /// Returns the kind of the file at a path; if no file has that name, `name` is replaced by its undecodable form.
  private static func kind(of name: inout [CChar], _ path: String) throws(FileError) -> FileStatus.Kind {
    let problem: FileError
    do throws(FileError) { return try FileStatus(at: name, path: path).kind } catch { problem = error }
    guard problem.errno == ENOENT, let found = undecodableName(path),
      let status = try? FileStatus(at: found, path: path)
    else { throw problem }
    name = found
    return status.kind
  }

  /// Returns the bytes of a path with components that are not UTF-8.
  ///
  /// Swift strings replace invalid UTF-8 by U+FFFD, so such a file could never be opened by the path its user typed.
  /// Each such component is replaced by the entry of its directory whose repaired name equals it; the result is `nil`
  /// unless there is exactly one.
  private static func undecodableName(_ path: String) -> [CChar]? {
    guard path.unicodeScalars.contains("\u{FFFD}") else { return nil }
    var resolved: [CChar] = path.hasPrefix("/") ? [] : [CChar(bitPattern: UInt8(ascii: "."))]
    for component in path.split(separator: "/") {
      var name = component.utf8.map { CChar(bitPattern: $0) }
      if component.unicodeScalars.contains("\u{FFFD}") {
        let matches = entries(of: resolved + [CChar(bitPattern: UInt8(ascii: "/")), 0]).filter {
          String(decoding: $0.map { UInt8(bitPattern: $0) }, as: UTF8.self) == component
        }
        guard matches.count == 1, let match = matches.first else { return nil }
        name = match
      }
      resolved += [CChar(bitPattern: UInt8(ascii: "/"))] + name
    }
    return resolved + [0]
  }

  private static func entries(of directory: [CChar]) -> [[CChar]] {
    guard let stream = unsafe opendir(directory) else { return [] }
    defer { unsafe closedir(stream) }
    var names: [[CChar]] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        unsafe tuple.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: tuple.pointee)) { base in
          unsafe Array(UnsafeBufferPointer(start: base, count: strlen(base)))
        }
      }
      names.append(name)
    }
    return names
  }
}
