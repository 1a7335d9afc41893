import RepriseService
import Testing

@Suite("Mistakes that TOMLKit's parser would end the process over")
struct TOMLPrecheckTests {
  @Test(
    "a mistake is reported with its line",
    arguments: [
      ("[[[\n", 1, TOMLPrecheck.Expectation.key), ("[=.x]\n", 1, .key), ("[a.=]\n", 1, .key),
      ("a = 1\n[ ,]\n", 2, .key),
      ("= 1\n", 1, .key), ("a. = 1\n", 1, .key), ("a = { = 1 }\n", 1, .key), ("a = { b = 1, , c = 2 }\n", 1, .key),
      ("a = [}\n", 1, .value), ("a = [1,\n,2]\n", 2, .value), ("a = \n", 1, .value), ("a = { b = }\n", 1, .value),
      ("a = _1\n", 1, .value), ("a = 1979-05-27T:1\n", 1, .time), ("a = 1979-05-27 0:32:00\n", 1, .time),
      ("a = 07:3:00\n", 1, .time), ("a = 12:\n", 1, .time),
      ("a = " + String(repeating: "[", count: 100_000), 1, .shallower),
    ])
  func faults(text: String, line: Int, expected: TOMLPrecheck.Expectation) {
    #expect(TOMLPrecheck.fault(in: text) == TOMLPrecheck.Fault(line: line, expected: expected))
  }

  @Test(
    "what is TOML passes",
    arguments: [
      "", "# only a comment", "\u{FEFF}a = 1\r\nb = 2\r\n", "a.\"b c\".d = 'x' # [[[\n", "[ a . b ]\n[[ c ]]\nd = 1\n",
      "a = [ # one\n 1, 2,\n]\n", "a = { b = [ { c = 1 } ], d = \"]\" }\n", "a = \"\"\"\nx\"\"\"\"\nb = '''\\'''\n",
      "a = \"\\\"[[[\"\n", "a = +1_000.5e-3\nb = -inf\nc = nan\nd = 0xAF\ne = 1e-7\n",
      "a = 1979-05-27\nb = 1979-05-27T07:32:00Z\nc = 1979-05-27 07:32:00.999+02:00\nd = 07:32:00\n",
    ])
  func passes(text: String) { #expect(TOMLPrecheck.fault(in: text) == nil) }

  @Test(
    "what makes no sense otherwise is left to the parser",
    arguments: ["a = 1 2\n", "a = \"x\n", "[a\n", "a = [1\n", "a\n", "a = tru\n"])
  func leftToTheParser(text: String) { #expect(TOMLPrecheck.fault(in: text) == nil) }
}
