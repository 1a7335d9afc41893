import Foundation
internal import RepriseSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A partial download open for appending bytes.
///
/// Bytes are never appended to others that may be of another state of the result, and kept bytes are dropped only once
/// the bytes that replace them have been seen not to be text.
///
/// Unchecked, because the object is confined to the one thread that creates it and runs its exchanges.
final class PartFile: @unchecked Sendable {
  private let download: PartialDownload
  private let limit: Int
  private let file: OwnedFile
  private(set) var notes: PartialNotes
  /// Number of bytes in the file.
  private(set) var count: Int
  /// Number of bytes that were in the file before the current response.
  private(set) var base = 0
  /// `true` if bytes of several responses were joined.
  private(set) var isContinued = false
  /// `true` if the response does not match the kept bytes, so that the download has to start again.
  private(set) var isMismatched = false
  /// Length of the whole in bytes, if a host has announced it.
  private(set) var announced: Int?
  /// Offset of the first byte that was requested, unless all of them were.
  private var asked: Int?
  private var step: PartialStep?
  /// First bytes of a whole that is to replace the kept bytes.
  private var head: [UInt8] = []
  private static let headLimit = 1024

  /// Opens or creates the file.
  ///
  /// - Parameters:
  ///   - download: The partial download.
  ///   - limit: The maximum size of the result in bytes.
  /// - Throws: `ServiceError` (`io`) if the file cannot be opened, or another process has it open.
  init(_ download: PartialDownload, limit: Int) throws(ServiceError) {
    self.download = download
    self.limit = limit
    file = try Self.open(download.path)
    notes = PartialNotes(at: download.notesPath) ?? PartialNotes()
    count = (try? file.status().byteCount) ?? 0
    announced = notes.total
  }

  private static func open(_ path: String) throws(ServiceError) -> OwnedFile {
    let file: OwnedFile
    do { file = try OwnedFile(openingOrCreating: path, followingLinks: false, doing: "open") } catch {
      throw failure(error)
    }
    guard (try? file.status().kind) == .regular else {
      throw ServiceError(.io, .result(.notRegular(path: path)))
    }
    guard (try? file.lock(isWaiting: false)) == true else {
      throw ServiceError(.io, .result(.inUse(path: path)))
    }
    return file
  }

  /// `true` if all bytes are there.
  var isWhole: Bool { count > 0 && notes.total == count }

  /// Returns the header fields by which the next request gets only the rest; none if the whole is requested.
  func nextHeaders() -> [(name: String, value: String)] {
    step = nil
    head = []
    base = 0
    asked = nil
    guard count > 0, let validator = notes.validator, count <= notes.total ?? .max else { return [] }
    asked = count
    return [("Range", "bytes=\(count)-"), ("If-Range", validator)]
  }

  /// `true` if a status means that the body holds bytes of the result.
  static func takes(_ status: Int) -> Bool { status == 200 || status == 206 }

  /// `true` if a 416 response states that all bytes are there; if it does not, the kept bytes are dropped.
  func isWhole(by answer: HTTPAnswer) -> Bool {
    let isWhole = PartialStep(status: answer.status, answer.headers, asked: asked, notes: notes) == .whole
    if isWhole { notes.total = count } else { isMismatched = true }
    return isWhole
  }

  /// Takes body bytes of a response whose status `takes` accepts.
  func take(_ bytes: [UInt8], status: Int, _ headers: HTTPHeaders) throws(ServiceError) {
    switch try step(status, headers) {
    case .join(let part, _):
      guard count + bytes.count <= part.upperBound + 1 else { throw mismatch() }
      try write(bytes)
    case .anew(let notes):
      if head.count < Self.headLimit {
        head += bytes
        if head.count >= Self.headLimit { try begin(notes) }
      } else {
        try write(bytes)
      }
    case .whole, .mismatch, .other: throw mismatch()
    }
  }

  /// Ends a response whose body was received in full.
  func finish(status: Int, _ headers: HTTPHeaders) throws(ServiceError) {
    if case .anew(let notes) = try step(status, headers), head.count < Self.headLimit { try begin(notes) }
    // Without an announced length the end of the body is the end.
    let total = notes.total ?? count
    if count > total { throw mismatch() }
    guard count == total else {
      throw ServiceError(.unreachable, .result(.incomplete(bytes: count, total: total)))
    }
    notes.total = total
  }

  /// Flushes the complete result to disk.
  ///
  /// - Throws: `ServiceError`: `notAudio` if the result is text after all, which is then dropped; `io`.
  func complete() throws(ServiceError) {
    let start: [UInt8]
    do throws(FileError) {
      var head = [UInt8](repeating: 0, count: min(Self.headLimit, count))
      try file.read(exactly: &head, at: 0)
      start = head
    } catch { throw Self.failure(error) }
    if let error = ResultCheck.textInsteadOfAudio(start, contentType: notes.contentType) {
      try clear()
      throw error
    }
    do { try file.sync() } catch { throw Self.failure(error, kept: count) }
    try save()
  }

  /// Drops the kept bytes.
  func clear() throws(ServiceError) {
    do { try file.truncate(to: 0) } catch { throw Self.failure(error) }
    // The bytes are gone from the disk before the notes are changed.
    if count > 0 { try? file.sync() }
    count = 0
    base = 0
    isMismatched = false
    isContinued = false
    notes = PartialNotes()
    if unsafe unlink(download.notesPath) != 0, errno != ENOENT {
      throw Self.failure(FileError(errno: errno, path: download.notesPath, doing: "remove"))
    }
  }

  private func step(_ status: Int, _ headers: HTTPHeaders) throws(ServiceError) -> PartialStep {
    if let step { return step }
    if let error = ResultCheck.unaskedEncoding(headers["content-encoding"]) { throw error }
    let next = PartialStep(status: status, headers, asked: asked, notes: notes)
    switch next {
    case .join(_, let total):
      try checkSize(total)
      notes.total = total
      announced = total
      base = count
      isContinued = true
    case .anew(let notes): try checkSize(notes.total ?? 0)
    case .whole, .mismatch, .other: throw mismatch()
    }
    step = next
    return next
  }

  private func begin(_ notes: PartialNotes) throws(ServiceError) {
    if let error = ResultCheck.textInsteadOfAudio(Array(head.prefix(Self.headLimit)), contentType: notes.contentType) {
      throw error
    }
    try clear()
    self.notes = notes
    announced = notes.total
    try save()
    try write(head)
  }

  private func checkSize(_ size: Int) throws(ServiceError) {
    guard size <= limit else {
      try clear()
      throw ServiceError(.tooLarge, .result(.tooLarge(limit: limit, origin: nil)))
    }
  }

  private func mismatch() -> ServiceError {
    isMismatched = true
    return ServiceError(.badAnswer, .result(.mismatch))
  }

  private func write(_ bytes: [UInt8]) throws(ServiceError) {
    try checkSize(count + bytes.count)
    do { try file.write(bytes[...], at: &count) } catch { throw Self.failure(error, kept: count) }
  }

  private func save() throws(ServiceError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      let file = try TemporaryFile(for: download.notesPath, replacing: true, isNameless: true)
      // A plain struct of strings and a number always encodes.
      try writeAll(Array((try? encoder.encode(notes)) ?? Data("{}".utf8))[...], to: file.descriptor, path: file.path)
      try file.commit()
    } catch let error as ServiceError {
      throw error
    } catch {
      throw ServiceError(.io, .failed(path: nil, ServiceError.Cause(error)))
    }
  }

  private static func failure(_ error: FileError, kept: Int? = nil) -> ServiceError {
    guard error.isOutOfRoom, let kept else { return ServiceError(.io, .file(error)) }
    return ServiceError(
      .io, .result(.outOfRoom(path: error.path, isQuota: error.code == .quotaUsedUp, kept: kept)))
  }
}
