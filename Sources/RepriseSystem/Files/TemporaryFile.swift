#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that is written beside its destination and takes its name only once it is whole.
///
/// Unless `commit` is called, the file is removed at the end of the value's lifetime, on every path out. A crash can
/// leave `.NAME.XXXXXX.part` behind, never a half-written NAME. A nameless file leaves nothing, unless it replaces
/// another: no system call gives a file a name that is taken, so the file briefly has a passing name beside its
/// destination. The passing name is always the same for the same destination, and the next such file removes one that a
/// crash has left.
package struct TemporaryFile: ~Copyable {
  private let file: OwnedFile
  /// The path of the bytes until the file is committed.
  package let path: String
  /// The path that the file gets in the end.
  package let destination: String
  private var finished = false

  /// Creates the file in the destination's directory.
  ///
  /// - Parameters:
  ///   - destination: The final path.
  ///   - replacing: `true` if a file already there may be replaced, in the end.
  ///   - mode: The new file's permission bits, before the umask.
  ///   - isNameless: `true` if the file may have no name until then, for those who write through `descriptor` alone.
  /// - Throws: `FileError` if the directory is missing or not writable, the destination is a directory, or the
  ///   destination exists and may not be replaced.
  package init(
    for destination: String, replacing: Bool, mode: UInt32 = 0o666, isNameless: Bool = false
  ) throws(FileError) {
    var status = stat()
    if unsafe stat(destination, &status) == 0 {
      switch status.st_mode & S_IFMT {
      case S_IFREG: if !replacing { throw FileError(.exists, path: destination) }
      case S_IFDIR: throw FileError(.isDirectory, path: destination, doing: "write")
      default: throw FileError(.special, path: destination, doing: "write")
      }
    } else if !replacing, unsafe lstat(destination, &status) == 0 {
      // A dangling link is a name that is taken.
      throw FileError(.exists, path: destination)
    }
    let directory = PathText.directory(of: destination)
    let name = PathText.name(of: destination)
    // Detected now, and not when all the work is done and only the name is missing.
    guard name.utf8.count <= Int(NAME_MAX) else {
      throw FileError(errno: ENAMETOOLONG, path: destination, doing: "create")
    }
    let hidden = Self.hiddenName(for: name, in: directory)
    if let nameless = isNameless ? Self.openNameless(in: directory, mode) : nil {
      file = OwnedFile(descriptor: nameless, path: destination)
      path = file.alias
    } else {
      // Not mkstemp(3), which makes the file 0600: with open(2) the kernel applies the umask, as to any new file.
      file = try OwnedFile(creating: hidden, mode: mode, path: destination)
      path = hidden
    }
    hiddenPath = hidden
    self.destination = destination
    self.replacing = replacing
  }

  /// Writes a whole file, which gets its name once all of it is on the disk.
  ///
  /// - Parameters:
  ///   - bytes: The content.
  ///   - destination: The path.
  ///   - replacing: `true` if a file already there may be replaced.
  ///   - mode: The new file's permission bits, before the umask.
  /// - Throws: `FileError` if the file cannot be written there; nothing is left then.
  package static func write(
    _ bytes: [UInt8], to destination: String, replacing: Bool, mode: UInt32 = 0o666
  ) throws(FileError) {
    let file = try TemporaryFile(for: destination, replacing: replacing, mode: mode, isNameless: true)
    try file.write(bytes[...])
    try file.commit()
  }

  /// Returns a hidden name for the file, which keeps only the beginning of the destination's name, since that may be as
  /// long as names can be.
  private static func hiddenName(
    for name: String, in directory: String, mark: UInt64 = .random(in: 0...UInt64.max)
  ) -> String {
    let stem = String(decoding: name.utf8.prefix(80), as: UTF8.self)
    return directory + "/.\(stem).\(String(mark, radix: 36)).part"
  }

  /// Opens a file that has no name yet, so that not even kill -9 leaves anything behind; `nil` if the system has no
  /// such files.
  private static func openNameless(in directory: String, _ mode: UInt32) -> Int32? {
    #if os(Linux)
      // glibc's O_TMPFILE, a macro that Swift does not see.
      let flags = O_DIRECTORY | 0o20_000_000
      let descriptor = unsafe open(directory, O_RDWR | O_CLOEXEC | flags, mode_t(truncatingIfNeeded: mode))
      guard descriptor >= 0 else { return nil }
      // Without /proc the file could never be named.
      if unsafe access("/proc/self/fd/\(descriptor)", F_OK) == 0 { return descriptor }
      close(descriptor)
    #endif
    return nil
  }

  /// The open file, for reading and writing, positioned at its start.
  package var descriptor: Int32 { file.descriptor }

  /// `true` if the file has a name.
  private var isNamed: Bool { path == hiddenPath }

  /// The path beside the destination that the file has, or could have.
  private let hiddenPath: String
  private let replacing: Bool

  /// Appends all of `bytes`.
  ///
  /// - Throws: `FileError` with the destination's path.
  package func write(_ bytes: ArraySlice<UInt8>) throws(FileError) { try file.write(bytes) }

  /// Puts the bytes on the disk and gives the file its name.
  ///
  /// - Throws: `FileError` if the disk is full or the destination has appeared meanwhile and may not be replaced; the
  ///   file is then removed.
  package consuming func commit() throws(FileError) {
    try file.sync()
    let isDone = replacing ? false : try linked(to: destination)
    if !isDone {
      if isNamed { try rename(from: hiddenPath) } else { try replace() }
      finished = true
    }
    syncDirectory()
  }

  private func rename(from path: String) throws(FileError) {
    guard systemRename(path, destination) != 0 else { return }
    let reason = errno
    if !isNamed { unsafe unlink(path) }
    throw FileError(errno: reason, path: destination, doing: "rename to")
  }

  /// Replaces another file by the nameless file.
  private borrowing func replace() throws(FileError) {
    // Another process may be doing the same, or own a file of that name: then any other name will do.
    let directory = unsafe open(PathText.directory(of: destination), O_RDONLY | O_CLOEXEC)
    defer {
      if directory >= 0 {
        flock(directory, LOCK_UN)
        close(directory)
      }
    }
    let passing = Self.passingName(for: destination)
    let isOurs = directory >= 0 && flock(directory, LOCK_EX | LOCK_NB) == 0
    let isFree = unsafe isOurs && (unlink(passing) == 0 || errno == ENOENT)
    let name = isFree ? passing : hiddenPath
    _ = try linked(to: name)
    try rename(from: name)
  }

  /// Returns the name that a nameless file has before its own, which is the same for the same destination.
  private static func passingName(for destination: String) -> String {
    let name = PathText.name(of: destination)
    // FNV-1a, which distinguishes names with the same beginning.
    let mark = name.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    return hiddenName(for: name, in: PathText.directory(of: destination), mark: mark)
  }

  /// Gives the file a second name; link(2) refuses an existing name where rename(2) would silently replace the file.
  ///
  /// - Returns: `false` if the file system does not support hard links.
  private func linked(to name: String) throws(FileError) -> Bool {
    let result =
      isNamed
      ? unsafe link(path, name) : unsafe linkat(AT_FDCWD, path, AT_FDCWD, name, AT_SYMLINK_FOLLOW)
    if result == 0 { return true }
    if errno == EEXIST { throw FileError(.exists, path: destination) }
    guard isNamed, errno == EPERM || errno == EOPNOTSUPP || errno == ENOTSUP else {
      throw FileError(errno: errno, path: destination, doing: "name")
    }
    return false
  }

  /// Writes the directory's entry to the disk; if a file system can't do so, the name exists all the same.
  private func syncDirectory() {
    let directory = unsafe open(PathText.directory(of: destination), O_RDONLY | O_CLOEXEC)
    guard directory >= 0 else { return }
    fsync(directory)
    close(directory)
  }

  deinit {
    if !finished && isNamed { unsafe unlink(path) }
  }
}

/// `rename(2)`, whose name the method above takes.
private func systemRename(_ from: String, _ to: String) -> Int32 { unsafe rename(from, to) }
