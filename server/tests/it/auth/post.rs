//! A mail server that keeps what it is given.

use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, mpsc};
use tokio::time::timeout;

pub struct PostOffice {
    pub url: String,
    letters: Mutex<mpsc::UnboundedReceiver<String>>,
}

impl PostOffice {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("smtp://{}", listener.local_addr().expect("bound"));
        let (sender, letters) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, sender.clone()));
            }
        });
        Self { url, letters: Mutex::new(letters) }
    }

    /// The subject of the next letter.
    pub async fn subject(&self) -> String {
        let letter = timeout(Duration::from_secs(60), self.letters.lock().await.recv()).await.expect("a letter came");
        let letter = letter.expect("the office is open");
        letter.lines().find_map(|line| line.strip_prefix("Subject: ")).expect("it has a subject").to_owned()
    }

    /// The code in the next letter.
    pub async fn code(&self) -> String {
        let six = |word: &&str| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit());
        self.subject().await.split_whitespace().find(six).expect("the subject names the code").to_owned()
    }

    /// Whether anything came that nobody has read.
    pub async fn is_empty(&self) -> bool {
        self.letters.lock().await.is_empty()
    }
}

/// As much of SMTP as a client needs to hand in a letter.
async fn serve(stream: TcpStream, letters: mpsc::UnboundedSender<String>) -> Option<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 post\r\n").await.ok()?;
    while let Some(line) = lines.next_line().await.ok()? {
        let answer: &[u8] = match line.split(' ').next()? {
            "DATA" => {
                write.write_all(b"354 go on\r\n").await.ok()?;
                let mut letter = String::new();
                while let Some(line) = lines.next_line().await.ok()?.filter(|line| line != ".") {
                    letter.push_str(&line);
                    letter.push('\n');
                }
                letters.send(letter).ok()?;
                b"250 kept\r\n"
            }
            "QUIT" => b"221 bye\r\n",
            _ => b"250 well\r\n",
        };
        write.write_all(answer).await.ok()?;
    }
    Some(())
}
