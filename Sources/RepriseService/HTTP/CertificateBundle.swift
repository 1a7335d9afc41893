import Foundation
import RepriseSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The certificates that the environment names as trusted, read as by curl's own tool.
///
/// `CURL_CA_BUNDLE` alone counts if it is set; else `SSL_CERT_FILE` and `SSL_CERT_DIR` both do, for the file and the
/// directory. An empty variable counts as not set. Source: curl(1), "ENVIRONMENT"; tool_operate.c.
package struct CertificateBundle: Sendable, Equatable {
  /// A path and the variable that names it.
  package struct Named: Sendable, Equatable {
    package let variable: String
    package let path: String
  }

  /// File of certificates in PEM form; `nil` leaves the file that libcurl was built with.
  package private(set) var file: Named?
  /// Directory of certificates, or several with `:` between, named by their hashes (openssl-rehash(1)).
  package private(set) var directory: Named?

  /// Certificates named by the environment of this process.
  static var ofEnvironment: CertificateBundle { CertificateBundle(environment: Environment.current) }

  /// Reads the variables.
  package init(environment: [String: String]) {
    func named(_ variable: String) -> Named? {
      environment[variable].flatMap { $0.isEmpty ? nil : Named(variable: variable, path: $0) }
    }
    file = named("CURL_CA_BUNDLE")
    guard file == nil else { return }
    file = named("SSL_CERT_FILE")
    directory = named("SSL_CERT_DIR")
  }

  /// Checks that the named file, and at least one of the named directories, can be read.
  ///
  /// libcurl would report neither the variable nor the reason.
  ///
  /// - Throws: `ServiceError` (`io`) with the variable and the path.
  package func check() throws(ServiceError) {
    if let file {
      guard FileKind(at: file.path) == .file else {
        throw Self.error(file, FileKind(at: file.path) == .nothing ? Self.reason(file.path) : "is not a file")
      }
      guard Self.isReadable(file.path, R_OK) else { throw Self.error(file, Self.reason(file.path)) }
    }
    if let directory {
      let paths = directory.path.split(separator: ":").map(String.init)
      // Some of several directories may be meant for other systems.
      if paths.contains(where: { FileKind(at: $0) == .directory && Self.isReadable($0, R_OK | X_OK) }) { return }
      let candidate = paths.first ?? directory.path
      throw Self.error(directory, FileKind(at: candidate) == .file ? "is not a directory" : Self.reason(candidate))
    }
  }

  /// Error for a file from which libcurl could not read certificates.
  var unusable: ServiceError? { file.map { Self.error($0, "holds no certificates in PEM form that could be read") } }

  private static func isReadable(_ path: String, _ mode: Int32) -> Bool { unsafe access(path, mode) == 0 }

  private static func reason(_ path: String) -> String {
    errno = 0
    if isReadable(path, R_OK) { return "can't be used" }
    return "can't be read: \(unsafe String(cString: strerror(errno)))"
  }

  private static func error(_ named: Named, _ message: String) -> ServiceError {
    ServiceError(
      .io,
      .setup(.certificates(variable: named.variable, path: printable(named.path, limit: 300), fault: message)))
  }
}
