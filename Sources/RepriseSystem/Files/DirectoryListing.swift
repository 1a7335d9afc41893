#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The names in one directory, in the order of the paths they lead to, in few bytes each: a directory may hold a
/// million.
struct DirectoryListing {
  /// The type of the item that a name leads to.
  enum Kind: UInt8 {
    case file, directory, special
    /// A directory reached through a symbolic link.
    case linkedDirectory
    /// An item that is gone, or that can't be examined.
    case nothing

    var isDirectory: Bool { self == .directory || self == .linkedDirectory }
  }

  private struct Entry {
    let start: UInt32
    let length: UInt16
    let kind: Kind
  }

  private var text: [UInt8] = []
  private var entries: [Entry] = []
  private var next = 0

  /// Reads a directory; hidden names are left out.
  ///
  /// - Throws: `FileError` if the directory can't be opened or read.
  init(_ directory: RawPath) throws(FileError) {
    guard let stream = unsafe directory.withCString({ unsafe opendir($0) }) else {
      throw FileError(errno: errno, path: directory.text, doing: "read")
    }
    defer { unsafe closedir(stream) }
    let descriptor = unsafe dirfd(stream)
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else { break }
      let start = text.count
      unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        unsafe tuple.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: tuple.pointee)) { name in
          // Hidden names, the directory itself and its parent.
          guard unsafe name[0] != CChar(bitPattern: UInt8(ascii: ".")) else { return }
          var length = 0
          while unsafe name[length] != 0 {
            text.append(UInt8(bitPattern: unsafe name[length]))
            length += 1
          }
          guard let start = UInt32(exactly: start), let length = UInt16(exactly: length) else { return }
          let kind = unsafe Self.kind(name, type: entry.pointee.d_type, in: descriptor)
          entries.append(Entry(start: start, length: length, kind: kind))
        }
      }
    }
    guard errno == 0 else { throw FileError(errno: errno, path: directory.text, doing: "read") }
    // The items in a directory sort by the directory's name and a slash.
    entries.sort { [text] in Self.comes($0, before: $1, in: text) }
  }

  /// Returns the next name and the type of its item.
  mutating func take() -> (name: ArraySlice<UInt8>, kind: Kind)? {
    guard next < entries.count else { return nil }
    defer { next += 1 }
    let entry = entries[next]
    return (text[Int(entry.start)..<Int(entry.start) + Int(entry.length)], entry.kind)
  }

  private static func comes(_ one: Entry, before other: Entry, in text: [UInt8]) -> Bool {
    let (a, b) = (Int(one.start), Int(other.start))
    let (m, n) = (Int(one.length), Int(other.length))
    for index in 0..<min(m, n) where text[a + index] != text[b + index] {
      return text[a + index] < text[b + index]
    }
    if m == n { return false }
    // Compares the longer name's next byte with the byte after the shorter one: a slash, or none.
    let slash = UInt8(ascii: "/")
    return m < n
      ? (one.kind.isDirectory ? slash < text[b + m] : true) : (other.kind.isDirectory ? text[a + n] < slash : false)
  }

  /// Returns the type of an item from its directory entry; for links, and on file systems whose entries hold no type,
  /// from the file itself.
  private static func kind(_ name: UnsafePointer<CChar>, type: UInt8, in directory: Int32) -> Kind {
    switch Int(type) {
    case Int(DT_REG): return .file
    case Int(DT_DIR): return .directory
    case Int(DT_LNK), Int(DT_UNKNOWN): break
    default: return .special
    }
    var status = stat()
    guard unsafe fstatat(directory, name, &status, 0) == 0 else { return .nothing }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR:
      guard unsafe fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return .nothing }
      return status.st_mode & S_IFMT == S_IFLNK ? .linkedDirectory : .directory
    default: return .special
    }
  }
}
