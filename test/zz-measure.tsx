import {render} from 'ink';
import {showSession} from '../components/show-session.tsx';
import {SessionScreen} from '../components/session-screen.tsx';
import {chooseSymbols} from '../components/theme.ts';
import {evolveSession} from '../src/core/session/evolve-session.ts';
import {planned, progress, lane, eos} from './helpers/run-events.ts';
import {sessionRun, sessionState} from './helpers/session-states.ts';
import {drawFrame} from '../components/terminal/draw-frame.ts';
import {renderLines} from '../components/terminal/render-lines.ts';
import {DrawnTerminal} from './components/terminal/drawn-terminal.ts';
const symbols = chooseSymbols({unicode: true, colour: true});
const [mode, cols='80', rows='24', n='300']=process.argv.slice(2);
const size={columns:Number(cols),rows:Number(rows)};
let s=sessionState({screen:'working',run:sessionRun()}); let ms=0;
const ev=(event:any)=>{s=evolveSession(s,{type:'run-event',event},ms+=150)};
ev(planned());
const now={ms:Date.parse('2026-11-23T18:42:07Z'),utcOffsetMinutes:60};
const states=[s];
for(let i=0;i<Number(n);i++){const r=i*42.6e6%18.4e9; ev(progress({read:r,lanes:[lane({written:r,proved:r*.8}),lane({to:'/mnt/B',written:r*.7,proved:r*.3})],now:`101CANON/IMG_${String(i).padStart(4,'0')}.CR3`})); states.push(s);}
const out=new DrawnTerminal(size.columns,size.rows);
const el=(st:any)=><SessionScreen state={st} {...size} symbols={symbols} now={now}/>;
const m0=process.memoryUsage(); const c0=process.cpuUsage(); const t0=performance.now(); let first=0;
if(mode==='ours'){ let before:any=null; for(const st of states){const lines=renderLines(el(st),size.columns); const f={size,lines}; const w=drawFrame(before,f); before=f; if(w) out.write(w); first ||= performance.now()-t0;} }
else { const app=render(el(states[0]),{stdout:out,patchConsole:false,exitOnCtrlC:false,maxFps:0,incrementalRendering:mode==='incremental',onRender:()=>performance.clearMeasures()}); for(const st of states) app.rerender(el(st)); app.unmount(); }
const cpu=process.cpuUsage(c0); const all=out.writes.join('');
const {Emulator}=await import('./components/terminal/drawn-terminal.ts');
console.log(mode,cols+'x'+rows,'frames',states.length,'cpu ms/frame',((cpu.user+cpu.system)/1000/states.length).toFixed(1),'writes/frame',(out.writes.length/states.length).toFixed(2),'bytes/frame',Math.round(Buffer.byteLength(all)/states.length),'erase line/frame',((all.match(/\x1b\[2K/g)?.length??0)/states.length).toFixed(1),'clear screen',all.match(/\x1b\[2?J/g)?.length??0,'clear history',all.match(/\x1b\[3J/g)?.length??0,'CSI/frame',((all.match(/\x1b\[[?\d;]*[A-Za-ln-z]/g)?.length??0)/states.length).toFixed(1),'first ms',first.toFixed(0),'heap +MB',((process.memoryUsage().heapUsed-m0.heapUsed)/1e6).toFixed(0));
