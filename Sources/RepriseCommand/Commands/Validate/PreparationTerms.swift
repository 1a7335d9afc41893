import RepriseAudio
import Foundation
import ReprisePreparation

/// What a worker that prepares is told first: the change and the limits.
struct PreparationTerms: Codable, Sendable {
  var start: Double?
  var end: Double?
  var fadeIn: Double
  var fadeOut: Double
  var mayTrim: Bool
  var passage: String
  var trimsSilence: Bool
  var silenceLevel: Double
  var format: String?
  var limits: AudioLimits

  init(_ preparer: AudioPreparer) {
    let options = preparer.options
    start = options.start
    end = options.end
    fadeIn = options.fadeIn
    fadeOut = options.fadeOut
    mayTrim = options.mayTrim
    passage = options.passage.rawValue
    trimsSilence = options.trimsSilence
    silenceLevel = options.silenceLevel
    format = options.format?.rawValue
    limits = preparer.limits
  }

  var preparer: AudioPreparer {
    var options = PreparationOptions()
    options.start = start
    options.end = end
    options.fadeIn = fadeIn
    options.fadeOut = fadeOut
    options.mayTrim = mayTrim
    options.passage = PreparationOptions.Passage(rawValue: passage) ?? .first
    options.trimsSilence = trimsSilence
    options.silenceLevel = silenceLevel
    options.format = format.flatMap { FileFormat(rawValue: $0) }
    return AudioPreparer(limits: limits, options: options)
  }

  /// Whether even a file that fits may be changed.
  var changesAll: Bool {
    start != nil || end != nil || fadeIn > 0 || fadeOut > 0 || trimsSilence || format != nil
  }

  /// The terms as a line that is the same whenever they are.
  func words() throws -> String {
    var terms = self
    // A set, whose order is another each time.
    terms.limits.formats = []
    return try Console.json(terms) + " " + limits.formats.map(\.rawValue).sorted().joined(separator: ",")
  }
}
