import RepriseSystem
import Testing

@Suite("Where Reprise keeps its own things")
struct DirectoriesTests {
  @Test("the XDG variables are followed, unless they are relative")
  func variables() {
    #expect(Directories.state(["XDG_STATE_HOME": "/s", "HOME": "/h"]) == "/s/reprise")
    #expect(Directories.configuration(["XDG_CONFIG_HOME": "/c", "HOME": "/h"]) == "/c/reprise")
    #expect(Directories.cache(["XDG_CACHE_HOME": "relative", "HOME": "/h"]).hasPrefix("/h/"))
    #expect(Directories.state(["HOME": "/h"]).hasPrefix("/h/"))
  }
}
