import Foundation
import RepriseSystem
import Synchronization
internal import TOMLKit

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A value of the configuration file; TOML's dates and times, which no key takes, are `other`.
indirect enum ConfigurationValue: Sendable, Equatable {
  case string(String)
  case integer(Int)
  case number(Double)
  case truth(Bool)
  case list([ConfigurationValue])
  case table([String: ConfigurationValue])
  case other

  /// Type of the value, for messages.
  ///
  /// Messages never repeat values, since one of them may be a key.
  var kind: String {
    switch self {
    case .string: "a string"
    case .integer: "an integer"
    case .number: "a number"
    case .truth: "true or false"
    case .list: "a list"
    case .table: "a table"
    case .other: "a date or time"
    }
  }
}

/// The configuration file, read and parsed; TOML 1.0 by TOMLKit, whose types stay in this file.
struct ConfigurationText: Sendable {
  /// Maximum length of the file in bytes, far beyond any real configuration.
  private static let largest = 1_000_000

  /// Path of the file, for messages.
  let path: String
  /// Contents of the whole file.
  private(set) var root: [String: ConfigurationValue]
  private let lines: ConfigurationLines
  private let lastMistake = LastMistake()

  /// Parses a text.
  ///
  /// - Parameters:
  ///   - text: The TOML text.
  ///   - path: The path of the file, for messages.
  /// - Throws: `ServiceError` (`validation`) with the path, the line and the mistake.
  init(_ text: String, path: String) throws(ServiceError) {
    // The parser takes a C string, which would end at a NUL byte.
    guard !text.utf8.contains(0) else {
      throw ServiceError(.validation, .configuration(.nulByte(path: path)))
    }
    if let fault = TOMLPrecheck.fault(in: text) {
      throw ServiceError(
        .validation, .configuration(.notTOML(path: path, line: fault.line, said: fault.expected.rawValue)))
    }
    self.path = path
    lines = ConfigurationLines(text)
    do {
      root = Self.values(of: try TOMLTable(string: text))
    } catch let error as TOMLParseError {
      throw ServiceError(
        .validation,
        .configuration(
          .notTOML(path: path, line: Int(error.source.begin.line), said: Self.withoutQuotes(error.description))))
    } catch {
      throw ServiceError(.validation, .configuration(.notTOML(path: path, line: nil, said: "")))
    }
  }

  /// Reads a file.
  ///
  /// - Parameter path: The path of the file.
  /// - Returns: The parsed file; `nil` if there is none.
  /// - Throws: `ServiceError`: `io` if the file cannot be read, `validation` if it is not TOML, `refused` if other
  ///   users may write it, since it determines where keys are sent.
  static func read(_ path: String) throws(ServiceError) -> ConfigurationText? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw ServiceError(.io, .file(FileError(errno: errno, path: path, doing: "read")))
    }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw ServiceError(.io, .configuration(.notFile(path: path)))
    }
    guard status.st_mode & 0o022 == 0, status.st_uid == geteuid() || status.st_uid == 0 else {
      throw ServiceError(.refused, .configuration(.writableByOthers(path: path)))
    }
    guard status.st_size <= largest else {
      throw ServiceError(
        .validation, .configuration(.tooLarge(path: path, bytes: Int(status.st_size), limit: largest)))
    }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe Foundation.read(descriptor, $0.baseAddress, $0.count) }
    guard count >= 0 else { throw ServiceError(.io, .file(FileError(errno: errno, path: path, doing: "read"))) }
    guard let text = String(validating: bytes[..<count], as: UTF8.self) else {
      throw ServiceError(.validation, .configuration(.notUTF8(path: path)))
    }
    return try ConfigurationText(text, path: path)
  }

  /// Returns an error about one key and records the key for `takeMistake`.
  func mistake(
    _ keys: [String], _ mistake: ServiceError.ConfigurationProblem.Mistake
  ) -> ServiceError {
    lastMistake.keys.withLock { $0 = keys }
    let key = printable(keys.joined(separator: "."), limit: 120)
    return ServiceError(
      .validation, .configuration(.mistake(path: path, line: lines.line(of: keys), key: key, mistake)))
  }

  /// Returns the key of the last error and forgets it; `nil` if there was no error since the last call.
  func takeMistake() -> [String]? {
    lastMistake.keys.withLock { keys in
      defer { keys = nil }
      return keys
    }
  }

  /// Returns the line of a key or of the table that holds it; 0 if unknown.
  func line(of keys: [String]) -> Int { lines.line(of: keys) ?? 0 }

  /// `true` if the file does not hold a key.
  func isMissing(_ keys: [String]) -> Bool {
    var values = root
    for key in keys.dropLast() {
      guard case .table(let inner)? = values[key] else { return true }
      values = inner
    }
    return keys.last.map { values[$0] == nil } ?? false
  }

  /// `true` if the default service has one of these tables.
  func names(aTableOf keys: Set<[String]>) -> Bool {
    guard case .string(let name)? = root["service"] else { return false }
    return keys.contains(["services", name])
  }

  /// Returns a copy of the file without one key.
  func without(_ keys: [String]) -> ConfigurationText {
    var text = self
    text.root = Self.removing(keys[...], from: root)
    return text
  }

  /// Returns a copy of the file with a string at a key of an existing table.
  func putting(_ string: String, at keys: [String]) -> ConfigurationText {
    var text = self
    text.root = Self.putting(.string(string), at: keys[...], in: root)
    return text
  }

  private static func putting(
    _ value: ConfigurationValue, at keys: ArraySlice<String>, in values: [String: ConfigurationValue]
  ) -> [String: ConfigurationValue] {
    guard let first = keys.first else { return values }
    var values = values
    if keys.count == 1 {
      values[first] = value
    } else if case .table(let inner)? = values[first] {
      values[first] = .table(putting(value, at: keys.dropFirst(), in: inner))
    }
    return values
  }

  private static func removing(
    _ keys: ArraySlice<String>, from values: [String: ConfigurationValue]
  ) -> [String: ConfigurationValue] {
    guard let first = keys.first else { return [:] }
    var values = values
    if keys.count > 1, case .table(let inner)? = values[first] {
      values[first] = .table(removing(keys.dropFirst(), from: inner))
    } else {
      values[first] = nil
    }
    return values
  }

  private final class LastMistake: Sendable {
    let keys = Mutex<[String]?>(nil)
  }

  private static func values(of table: TOMLTable) -> [String: ConfigurationValue] {
    var values: [String: ConfigurationValue] = [:]
    for (key, value) in table { values[key] = Self.value(value) }
    return values
  }

  private static func value(_ value: any TOMLValueConvertible) -> ConfigurationValue {
    let value = value.tomlValue
    if let table = value.table { return .table(values(of: table)) }
    if let array = value.array { return .list(array.map { Self.value($0) }) }
    if let text = value.string { return .string(text) }
    if let truth = value.bool { return .truth(truth) }
    if let integer = value.int { return .integer(integer) }
    if let number = value.double { return .number(number) }
    return .other
  }

  /// Returns the parser's message without its quotations of the file, which may hold a key.
  private static func withoutQuotes(_ sentence: String) -> String {
    let parts = sentence.split(separator: "'", omittingEmptySubsequences: false)
    let kept = parts.enumerated().map { index, part in index % 2 == 1 && part.count > 2 ? "…" : String(part) }
    return printable(kept.joined(separator: "'"), limit: 200)
  }
}
