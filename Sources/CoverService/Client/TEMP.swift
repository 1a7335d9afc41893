public import Foundation
public import Platform
public struct PartialDownload: Sendable, Equatable {
  public let folder: String
  public init(in folder: String) { self.folder = folder }
  public var path: String { folder + "/result.part" }
  public func remove() throws(FileError) {}
  @discardableResult public func place(
    at destination: String, replacing: Bool = false, cancellation: Cancellation = Cancellation()
  ) throws(ServiceError) -> Int { 0 }
}
public struct LogEntry: Sendable { public var status: Contract.Status = .queued; public var inferenceID: String?; public var credits: Double?; public var usd: Double? }
public enum LogAnswer: Sendable { case found(LogEntry), absent, noLog }
extension CoverClient {
  public func logEntry(for: ClientRequestID, submittedAfter: Date) async throws(ServiceError) -> LogAnswer { .noLog }
  public func download(_ url: String, into: PartialDownload, progress: @escaping @Sendable (CoverProgress) -> Void) async throws(ServiceError) -> Downloaded { throw ServiceError(.io, "") }
  public func submit(
    _ request: consuming PaidRequest, keepingAnswerAt path: String? = nil, beforeLastBytes: @escaping @Sendable () throws -> Void,
    progress: @escaping @Sendable (CoverProgress) -> Void = { _ in }
  ) async throws(ServiceError) -> Submitted { throw ServiceError(.io, "") }
}
