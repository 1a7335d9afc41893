import RepriseService
import Foundation
import TestSupport
import Testing

@Suite("Certificates that the environment names")
struct CertificateBundleTests {
  @Test("CURL_CA_BUNDLE counts alone, else both of the others do; an empty one is none, as with curl")
  func order() {
    func named(_ environment: [String: String]) -> [String?] {
      let bundle = CertificateBundle(environment: environment)
      return [bundle.file?.path, bundle.directory?.path]
    }
    #expect(named([:]) == [nil, nil])
    #expect(named(["CURL_CA_BUNDLE": "/a", "SSL_CERT_FILE": "/b", "SSL_CERT_DIR": "/c"]) == ["/a", nil])
    #expect(named(["CURL_CA_BUNDLE": "", "SSL_CERT_FILE": "/b", "SSL_CERT_DIR": "/c"]) == ["/b", "/c"])
    #expect(named(["SSL_CERT_DIR": "/c"]) == [nil, "/c"])
    #expect(named(["SSL_CERT_FILE": "/b", "SSL_CERT_DIR": ""]) == ["/b", nil])
  }

  @Test(
    "one that can't be read is named with its variable", arguments: ["CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"])
  func missing(variable: String) async throws {
    let scratch = try Scratch()
    let (file, directory) = (try scratch.file("ca.pem", [1, 2, 3]), scratch.root)
    let wrong = variable == "SSL_CERT_DIR" ? file : directory
    for path in [directory + "/none", wrong] {
      let failure = try await error { try CertificateBundle(environment: [variable: path]).check() }
      #expect(failure.code == .io)
      guard case .setup(.certificates(let named, let certificates, _)) = failure.problem else {
        Issue.record(failure)
        return
      }
      #expect(named == variable && certificates == path)
    }
    try CertificateBundle(environment: [variable: variable == "SSL_CERT_DIR" ? directory : file]).check()
  }

  @Test("of several directories one that is there is enough")
  func directories() async throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let directory = scratch.root
    try CertificateBundle(environment: ["SSL_CERT_DIR": "/none/of/them:\(directory)"]).check()
    let failure = try await error { try CertificateBundle(environment: ["SSL_CERT_DIR": "/none:/neither"]).check() }
    guard case .setup(.certificates(variable: "SSL_CERT_DIR", _, _)) = failure.problem else {
      Issue.record(failure)
      return
    }
  }
}
