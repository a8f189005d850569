import { describe, expect, it } from "@jest/globals";
import { looksSecret } from "../../../../tools/import-config/find-secrets";

describe("a secret in a text", () => {
  it.each([
    ...["https://u:pa/ss+w0rd=@h/x", "redis://:abc/def=@h:6380", "https://u:pa'ss@h"],
    ...["jdbc:oracle:thin:scott/tiger@//db:1521/x", "sqlplus scott/tiger@db", "u:pa$s@tcp(h:1)/d"],
    ...["https://a.blob.example.com/c?sp=r&sig=AbC%2Fdef123", "h:5432:db:u:hunter2"],
    ...["curl -sSfu ci:hunter2 https://h", "curl --proxy-user u:pw h", "curl -U u:pw h"],
    ...['curl -u "$USER:hunter2" h', "curl -b session=abc h", "curl --oauth2-bearer abc h"],
    ...["curl -H 'Authorization: abcdef123' h", "curl -H 'Authorization: ApiKey abc' h"],
    ...["curl -H X-Api-Key:abc h", "curl -H 'X-Vault-Token:abc' h", "password:hunter2"],
    ...["docker login --password-stdin r <<< 'hun$er2'", "docker login -p 'hun$er2' r"],
    ...["echo 'pa$word' | docker login --password-stdin r", "echo u:hunter2 | chpasswd"],
    ...["echo hunter2 | gh auth login --with-token", "glab auth login -t abc", "vault login s.abc"],
    ...["redis-cli -h h -a hunter2 ping", "sqlcmd -U sa -P 'hunter2'", "mongosh -u u -p hunter2"],
    ...["ldapsearch -D cn=a -w hunter2", "smbclient -U u%hunter2 //h/s", "lftp -u ci,hunter2 h"],
    ...["http -a ci:hunter2 h", "zip -P hunter2 a b", "7z a -phunter2 a", "xfreerdp /p:hunter2"],
    ...["keytool -storepass hunter2", "skopeo copy --src-creds ci:hunter2 a", "rclone obscure abc"],
    ...["export SSHPASS=hunter2", "DBPASS=hunter2 run", "export MYSQLPWD=hunter2"],
    ...["npm config set //r/:_authToken abc", "aws configure set aws_secret_access_key abc"],
    ...["poetry config pypi-token.pypi abc", "composer config http-basic.h ci hunter2"],
    ...["bundle config gems.x ci:hunter2", "mc alias set m https://h AKEY SKEY"],
    ...["kubectl create secret generic x --from-literal=k=hunter2", "<password>hunter2</password>"],
    ...['["--password","hunter2"]', '{"client_secret": "a$b"}', "twine upload -u ci -p hunter2"],
  ])("is recognized: %s", (text) => {
    expect(looksSecret("x", text)).toBe(true);
  });

  it.each([
    ...["https://h:8080/a@b", "http://${H}:${P}/a@b", "http://a:80/x user@h", "my-token:1.2"],
    ...['curl -u "$U:$P" h', "curl -sSfu $U:$P h", "curl -u : --negotiate h", "curl -fsSL h/a:b"],
    ...['curl -H "Authorization: Bearer $T" h', 'curl -H "Authorization: $T" h'],
    ...['echo "$P" | docker login --password-stdin', "docker login -u $u -p $p r", "cd $OLDPWD"],
    ...["bypass=1", "mysql -p$PW db", "redis-cli -a $P ping", "vault login -method=oidc"],
    ...["git config set credential.helper store", "zip -r a b", "ssh -p 22 git@h"],
    ...["npm config set registry https://r", "docker run -p 80:80 -u 1000:1000 x", "OLDPWD=/x"],
    ...["kubectl get secret x -o yaml", "authorization: true", "curl -XPUT http://h:80/x"],
  ])("is not suspected in %s", (text) => {
    expect(looksSecret("x", text)).toBe(false);
  });

  it("takes little time to look for in a long text", () => {
    const started = performance.now();
    for (const part of [
      "a://:x",
      "curl -u ",
      "config set ",
      "x:1:",
      "token:",
      "pass",
      "mc ",
      ":x",
    ]) {
      looksSecret("x", part.repeat(20_000));
    }
    expect(performance.now() - started).toBeLessThan(4_000);
  });
});
