import RepriseService
import Foundation
import RepriseJobs

/// The record `reprise.job.v1` with all known fields: those of `jobs --json`, and more.
struct JobDetails: Encodable {
  private enum CodingKeys: String, CodingKey {
    case baseURL, inputStart, inputEnd, setting, settingWasAsked, resultHost, completed, bytes, verdict, message,
      updated, model, audio, batch, price, attempts, sealed, resultHash, senselessCost
  }

  private let job: Job

  init(_ job: Job) { self.job = job }

  func encode(to encoder: any Encoder) throws {
    try JobRecord(job).encode(to: encoder)
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(job.baseURL, forKey: .baseURL)
    try fields.encode(job.model, forKey: .model)
    try fields.encode(job.audio, forKey: .audio)
    try fields.encode(job.batch, forKey: .batch)
    try fields.encode(job.price, forKey: .price)
    try fields.encode(job.attempts, forKey: .attempts)
    try fields.encode(job.sealed?.ISO8601Format(), forKey: .sealed)
    try fields.encode(job.resultHash, forKey: .resultHash)
    try fields.encode(job.senselessCost, forKey: .senselessCost)
    try fields.encode(job.inputStart, forKey: .inputStart)
    try fields.encode(job.inputEnd, forKey: .inputEnd)
    try fields.encode(job.setting, forKey: .setting)
    try fields.encode(job.settingWasAsked, forKey: .settingWasAsked)
    try fields.encode(JobText.host(of: job.resultURL), forKey: .resultHost)
    try fields.encode(job.completedAt?.ISO8601Format(), forKey: .completed)
    try fields.encode(job.bytes, forKey: .bytes)
    try fields.encode(job.verdict, forKey: .verdict)
    try fields.encode(JobText.message(of: job), forKey: .message)
    try fields.encode(job.updated.ISO8601Format(), forKey: .updated)
  }
}
