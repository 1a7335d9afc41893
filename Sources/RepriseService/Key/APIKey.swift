import Foundation
import RepriseSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A service's key, which prints as `[key]` by every means of printing.
package struct APIKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The key itself, for the `Authorization` header field alone.
  let secret: String
  /// Source of the key, for messages: a variable's name or a file's path.
  package let origin: String

  /// Creates a key from the text that was found.
  ///
  /// - Parameters:
  ///   - text: The key; blanks, quotation marks, `NAME=` and `Bearer` around it are dropped.
  ///   - origin: The source of the text, for messages.
  /// - Throws: `ServiceError` (`unauthorized`) if the key is empty, or holds what no key holds: blanks, control
  ///   characters, anything outside ASCII, quotation marks that do not match.
  package init(_ text: String, origin: String) throws(ServiceError) {
    do {
      secret = try PastedKey.key(in: text)
    } catch {
      throw ServiceError(.unauthorized, .key(.unusable(origin: origin, error.fault)))
    }
    self.origin = origin
    KeyRedaction.learn(secret)
  }

  /// Finds a service's key: in the service's variables in order, then in the file.
  ///
  /// - Parameters:
  ///   - service: The service, which names the variables and states if a key is used at all.
  ///   - environment: Variables and their values; those of this process unless given. An empty variable counts as not
  ///     set.
  /// - Returns: The key; `nil` if there is none or the service uses none.
  /// - Throws: `ServiceError` (`unauthorized`) for a text that cannot be a key or a file that other users may read,
  ///   `io` if the file cannot be read.
  package static func find(
    for service: ServiceDescription, environment: [String: String]? = nil
  ) throws(ServiceError) -> APIKey? {
    guard service.keyUse != .never else { return nil }
    let environment = environment ?? Environment.current
    for variable in service.keyVariables {
      if let value = environment[variable], !value.isEmpty { return try APIKey(value, origin: variable) }
    }
    guard let path = filePath(for: service, environment: environment) else { return nil }
    return try read(path)
  }

  /// Returns the path of a service's key file.
  ///
  /// - Parameters:
  ///   - service: The service.
  ///   - environment: Variables and their values; those of this process unless given.
  /// - Returns: `$XDG_CONFIG_HOME/reprise/key` for the remote service, `keys/NAME` there for others; `nil` for a
  ///   service without one.
  package static func filePath(for service: ServiceDescription, environment: [String: String]? = nil) -> String? {
    service.keyFile.map { Directories.configuration(environment ?? Environment.current) + "/" + $0 }
  }

  /// Returns the error for a missing key that a service requires, with all locations in which it may be put.
  package static func missing(for service: ServiceDescription, environment: [String: String]? = nil) -> ServiceError {
    let file = filePath(for: service, environment: environment)
    return ServiceError(
      .unauthorized,
      .key(.missing(service: service.spokenName, variables: service.keyVariables, file: file)))
  }

  /// Reads a key's file, or returns `nil` if there is none.
  ///
  /// The mode is read from the open file, so that it cannot change in between.
  private static func read(_ path: String) throws(ServiceError) -> APIKey? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw ServiceError(.io, .key(.unreadable(path: path, isOpen: false, errno: errno)))
    }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw ServiceError(.io, .key(.notFile(path: path)))
    }
    guard status.st_mode & 0o077 == 0 else {
      throw ServiceError(
        .unauthorized, .key(.readableByOthers(path: path, mode: UInt32(status.st_mode & 0o777))))
    }
    guard status.st_uid == geteuid() else {
      throw ServiceError(.unauthorized, .key(.ownedByOther(path: path)))
    }
    var bytes = [UInt8](repeating: 0, count: 8192)
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe Foundation.read(descriptor, $0.baseAddress, $0.count) }
    guard count >= 0 else {
      throw ServiceError(.io, .key(.unreadable(path: path, isOpen: true, errno: errno)))
    }
    return try APIKey(String(decoding: bytes[..<count], as: UTF8.self), origin: path)
  }

  /// `[key]`.
  package var description: String { KeyRedaction.mark }
  /// `[key]`.
  package var debugDescription: String { description }
  /// No children, so that `dump` does not show the key either.
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}
