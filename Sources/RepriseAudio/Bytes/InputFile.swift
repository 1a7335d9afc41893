import Foundation
import RepriseSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A regular file opened for reading, by descriptor, so that every reader sees the same bytes whatever its name.
package struct InputFile: ~Copyable {
  /// The open file.
  package let descriptor: Int32
  /// The path as it was given.
  package let path: String
  /// Its size in bytes when it was opened.
  package let byteCount: Int

  /// Opens a regular file; anything that could block (pipe, device, socket) is refused before it is opened.
  package init(path: String) throws(AudioFileError) {
    guard !path.isEmpty else { throw AudioFileError(path: path, .emptyPath) }
    guard !path.utf8.contains(0) else {
      throw AudioFileError(path: path, .zeroByteInPath)
    }
    var name = Array(path.utf8CString)
    var status = stat()
    if unsafe stat(name, &status) != 0 {
      let reason = errno
      guard reason == ENOENT, let found = InputFile.undecodableName(path), unsafe stat(found, &status) == 0 else {
        throw AudioFileError(FileError(errno: reason, path: path, doing: "read"))
      }
      name = found
    }
    try InputFile.requireRegular(status, path: path)
    // O_NONBLOCK: if a pipe took the file's place since, open must not wait for a writer.
    let descriptor = unsafe open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw AudioFileError(FileError(errno: errno, path: path, doing: "read")) }
    var problem: AudioFileError?
    if unsafe fstat(descriptor, &status) == 0 {
      do throws(AudioFileError) { try InputFile.requireRegular(status, path: path) } catch { problem = error }
    } else {
      problem = AudioFileError(FileError(errno: errno, path: path, doing: "read"))
    }
    if let problem {
      close(descriptor)
      throw problem
    }
    self.descriptor = descriptor
    self.path = path
    byteCount = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Whether it has become shorter since it was opened; within its last page a mapping does not tell.
  var hasShrunk: Bool {
    var status = stat()
    return unsafe fstat(descriptor, &status) != 0 || Int(status.st_size) < byteCount
  }

  /// Up to `count` bytes from `offset`; fewer only at the end of the file.
  package func bytes(at offset: Int, count: Int) throws(AudioFileError) -> [UInt8] {
    guard offset >= 0, count > 0, offset < byteCount else { return [] }
    let wanted = min(count, byteCount - offset)
    var failure: Int32 = 0
    let descriptor = descriptor
    let found = unsafe [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
      filled = 0
      guard let base = buffer.baseAddress else { return }
      while filled < wanted {
        let got = unsafe systemRead(descriptor, base + filled, wanted - filled, at: offset + filled)
        if got < 0 { failure = CInt(-got) }
        if got <= 0 { return }
        filled += got
      }
    }
    guard failure == 0 else { throw AudioFileError(FileError(errno: failure, path: path, doing: "read")) }
    return found
  }

  private static func requireRegular(_ status: stat, path: String) throws(AudioFileError) {
    let kind: AudioFileProblem.SpecialFile
    switch status.st_mode & S_IFMT {
    case S_IFREG: return
    case S_IFDIR: throw AudioFileError(FileError(.isFolder, path: path))
    case S_IFIFO: kind = .namedPipe
    case S_IFSOCK: kind = .socket
    case S_IFCHR, S_IFBLK: kind = .device
    default: kind = .other
    }
    throw AudioFileError(path: path, .special(kind))
  }

  /// The real bytes of a name that is not UTF-8.
  ///
  /// Swift's strings replace what is not UTF-8 by U+FFFD, so such a file could never be opened by the path its user
  /// typed. The only entry of the folder that reads the same once it is repaired in the same way is the one that was
  /// meant; if there are two, none is.
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

  private static func entries(of folder: [CChar]) -> [[CChar]] {
    guard let stream = unsafe opendir(folder) else { return [] }
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
