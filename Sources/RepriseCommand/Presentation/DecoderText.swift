import Foundation
import RepriseAudio
import RepriseSystem

/// What the decoders of other programs make of a file, as text.
enum DecoderText {
  /// Returns a line for each decoder, in columns.
  static func lines(_ readings: [DecoderReading]) -> [String] {
    guard !readings.isEmpty else { return [] }
    let names = readings.map { $0.decoder.rawValue + ($0.version.map { " \($0)" } ?? "") }
    let width = names.map { TextWidth.of($0) }.max() ?? 0
    return ["decoders on this machine, against our own:"]
      + zip(names, readings).map { "  " + TextWidth.padded($0, width) + "  " + text($1.outcome) }
  }

  private static func text(_ outcome: DecoderReading.Outcome) -> String {
    switch outcome {
    case .missing: "is not installed"
    case .notItsFormat: "does not read this format"
    case .refused(let message): "rejects it: \(message)"
    case .overdue(let seconds): "did not end within \(seconds) s and was stopped"
    case .decoded(let decoded): text(decoded)
    }
  }

  private static func text(_ decoded: DecoderReading.Decoded) -> String {
    var text =
      "\(counted(decoded.frames, "frame")), \(decoded.sampleRate) Hz, \(counted(decoded.channels, "channel")): "
      + comparison(decoded)
    if let message = decoded.message {
      let first = decoded.complaints > 1 ? ", the first: " : ": "
      text += "; \(counted(decoded.complaints, "complaint"))" + first + message
    }
    return text
  }

  private static func comparison(_ decoded: DecoderReading.Decoded) -> String {
    guard let comparison = decoded.comparison else { return "not compared" }
    guard let place = comparison.firstDifference else {
      return comparison.maximumDifference == 0
        ? "the same samples" : "the same samples but for rounding (\(decibels(comparison.maximumDifference)))"
    }
    let rate = max(decoded.sampleRate, 1)
    let time = describe(seconds: Double(place) / Double(rate))
    if place == decoded.frames, place < comparison.ownFrames {
      return "the same up to its end, \(counted(comparison.ownFrames - place, "frame")) early"
    }
    if place == comparison.ownFrames, place < decoded.frames {
      return "the same up to our end, then \(counted(decoded.frames - place, "frame")) more"
    }
    let amount =
      switch comparison.maximumDifference {
      case 0: "the compared samples are the same"
      case .infinity: "NaN or infinite values on one side only"
      case let difference: "by up to \(decibels(difference))"
      }
    return "differs from frame \(place) (\(time)) on, \(amount)"
  }

  private static func decibels(_ difference: Double) -> String {
    "\(fixed(20 * log10(difference), decimals: 1)) dBFS"
  }
}

/// A reading in the record of `inspect --decoders`.
struct DecoderRecord: Encodable {
  private enum CodingKeys: String, CodingKey {
    case decoder, version, outcome, frames, sampleRate, channels, same, firstDifference, maximumDifference, complaints
    case message
  }

  let reading: DecoderReading

  init(_ reading: DecoderReading) { self.reading = reading }

  /// Encodes every field, `null` if there is no value.
  func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    let decoded = if case .decoded(let decoded) = reading.outcome { decoded } else { DecoderReading.Decoded?.none }
    let comparison = decoded?.comparison
    try fields.encode(reading.decoder, forKey: .decoder)
    try fields.encode(reading.version, forKey: .version)
    try fields.encode(outcome, forKey: .outcome)
    try fields.encode(decoded?.frames, forKey: .frames)
    try fields.encode(decoded?.sampleRate, forKey: .sampleRate)
    try fields.encode(decoded?.channels, forKey: .channels)
    try fields.encode(comparison.map { $0.firstDifference == nil }, forKey: .same)
    try fields.encode(comparison?.firstDifference, forKey: .firstDifference)
    let difference = comparison?.maximumDifference
    try fields.encode(difference.flatMap { $0.isFinite ? $0 : nil }, forKey: .maximumDifference)
    try fields.encode(decoded?.complaints, forKey: .complaints)
    try fields.encode(message ?? decoded?.message, forKey: .message)
  }

  private var outcome: String {
    switch reading.outcome {
    case .missing: "missing"
    case .notItsFormat: "not-its-format"
    case .refused: "refused"
    case .overdue: "overdue"
    case .decoded: "decoded"
    }
  }

  private var message: String? {
    switch reading.outcome {
    case .refused(let message): message
    case .overdue(let seconds): "stopped after \(seconds) s"
    case .missing, .notItsFormat, .decoded: nil
    }
  }
}
